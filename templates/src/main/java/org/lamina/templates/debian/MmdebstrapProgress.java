package org.lamina.templates.debian;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.Printable;
import org.lamina.schema.Progress;

/**
 * Turns mmdebstrap's verbose output into a percentage that never falls. Each phase has a span that
 * matches its share of a typical build; inside a span packages are counted. Not thread safe.
 */
final class MmdebstrapProgress {
  /** Where the builder's own part ends; the rest belongs to the manifest. */
  static final int DONE = 92;

  private static final Pattern INSTALL = Pattern.compile("\\d+ upgraded, (\\d+) newly installed.*");

  private enum Phase {
    STARTING("starting", 0, 1),
    UPDATE("reading package lists", 1, 5),
    DOWNLOAD("downloading essential packages", 5, 15),
    EXTRACT("extracting essential packages", 15, 18),
    ESSENTIAL("installing essential packages", 18, 48),
    REMAINING("installing packages", 48, 90),
    CLEAN("cleaning up", 90, DONE);

    private final String text;
    private final int from;
    private final int to;

    Phase(String text, int from, int to) {
      this.text = text;
      this.from = from;
      this.to = to;
    }
  }

  private final Progress progress;
  private Phase phase = Phase.STARTING;
  private int packages;
  private int steps;
  private int last = -1;

  MmdebstrapProgress(Progress progress) {
    this.progress = progress;
  }

  /** One line of output, as it comes. */
  void accept(String line) {
    if (line.startsWith("I: ")) {
      enter(line.substring(3));
      return;
    }
    Matcher m = INSTALL.matcher(line);
    if (m.matches() && m.group(1).length() < 7) {
      packages = Integer.parseInt(m.group(1));
      return;
    }
    if (line.startsWith("Get:")
        || line.startsWith("Unpacking ")
        || line.startsWith("Setting up ")) {
      steps++;
      tell(phase.text + detail(line));
    }
  }

  private void enter(String message) {
    Phase next =
        message.startsWith("running apt-get update")
            ? Phase.UPDATE
            : message.startsWith("downloading")
                ? Phase.DOWNLOAD
                : message.startsWith("extracting")
                    ? Phase.EXTRACT
                    : message.startsWith("installing essential")
                        ? Phase.ESSENTIAL
                        : message.startsWith("installing remaining")
                            ? Phase.REMAINING
                            : message.startsWith("cleaning") ? Phase.CLEAN : phase;
    if (next.compareTo(phase) > 0) {
      phase = next;
      steps = 0;
      tell(phase.text);
    }
  }

  private static String detail(String line) {
    if (line.startsWith("Get:")) {
      return "";
    }
    String[] words = line.split(" ");
    String name = line.startsWith("Setting up ") && words.length > 2 ? words[2] : words[1];
    return ": " + Printable.shorten(name.replaceFirst(":.*", ""), 60);
  }

  private void tell(String message) {
    int inPhase =
        switch (phase) {
          case DOWNLOAD -> packages;
          case ESSENTIAL -> 2 * packages;
          case REMAINING -> 3 * packages;
          default -> 0;
        };
    double share = inPhase == 0 ? 0 : Math.min(1.0, (double) steps / inPhase);
    int percent = phase.from + (int) (share * (phase.to - phase.from));
    if (percent >= last) {
      last = percent;
      progress.report(percent, message);
    }
  }
}
