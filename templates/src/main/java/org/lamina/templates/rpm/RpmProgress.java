package org.lamina.templates.rpm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.Printable;
import org.lamina.schema.Progress;

/**
 * Turns the output of dnf and rpm into a percentage that never falls; inside a phase packages are
 * counted. Not thread safe.
 */
final class RpmProgress {
  /** Where the builder's own part ends; the rest belongs to the manifest. */
  static final int DONE = 92;

  private static final Pattern FETCHED = Pattern.compile("\\((\\d{1,6})/(\\d{1,6})\\): .*");
  private static final Pattern PACKAGE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._~^-]*-[^- ]+-[^- ]+");

  /** One step of a build. */
  enum Phase {
    FETCH("reading package lists", 0, 35),
    UNPACK("unpacking", 35, 55),
    INSTALL("installing packages", 55, DONE);

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
  private Phase phase = Phase.FETCH;
  private int packages;
  private int steps;
  private int last = -1;

  RpmProgress(Progress progress) {
    this.progress = progress;
  }

  /**
   * @param expected packages that it will name; 0 if that is not known yet
   */
  void enter(Phase next, int expected) {
    phase = next;
    packages = expected;
    steps = 0;
    tell(0, next.text);
  }

  /** One line of output, as it comes. */
  void accept(String line) {
    Matcher fetched = FETCHED.matcher(line);
    if (phase == Phase.FETCH) {
      if (fetched.matches()) {
        int of = Integer.parseInt(fetched.group(2));
        tell(
            of == 0 ? 0 : (double) Integer.parseInt(fetched.group(1)) / of, "downloading packages");
      }
    } else if (PACKAGE.matcher(line).matches()) {
      steps++;
      String name = line.replaceFirst("-[^-]+-[^-]+$", "");
      tell(
          packages == 0 ? 0 : (double) steps / packages,
          phase.text + ": " + Printable.shorten(name, 60));
    }
  }

  private void tell(double share, String message) {
    int percent = phase.from + (int) (Math.min(1.0, share) * (phase.to - phase.from));
    if (percent >= last) {
      last = percent;
      progress.report(percent, message);
    }
  }
}
