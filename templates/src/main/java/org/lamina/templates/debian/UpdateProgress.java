package org.lamina.templates.debian;

import org.lamina.schema.Printable;
import org.lamina.schema.Progress;

/** Turns the output of apt and dpkg into a percentage that never falls. Not thread safe. */
final class UpdateProgress {
  /** Where the updater's own part ends; the rest belongs to the manifest. */
  static final int DONE = 86;

  private static final int FETCHED = 30;
  private static final int LISTS = 10;

  private final Progress progress;
  private int changes;
  private int steps;
  private int last = -1;

  UpdateProgress(Progress progress) {
    this.progress = progress;
  }

  void start() {
    tell(0, "reading package lists");
  }

  /** From now on packages are changed. */
  void installing(int packages, String message) {
    changes = packages;
    steps = 0;
    tell(FETCHED, message);
  }

  /** One line while lists and packages are fetched. */
  void fetching(String line) {
    if (line.startsWith("Need to get ")) {
      tell(LISTS, "downloading packages");
    } else if (line.startsWith("Get:")) {
      steps++;
      int percent = last < LISTS ? Math.min(LISTS - 1, steps) : Math.min(FETCHED - 1, last + 1);
      tell(percent, last < LISTS ? "reading package lists" : "downloading packages");
    }
  }

  /** One line while packages are changed. */
  void changing(String line) {
    String[] words = line.split(" ");
    boolean unpack = line.startsWith("Unpacking ");
    if ((unpack || line.startsWith("Setting up ")) && words.length > 2) {
      steps++;
      double share = changes == 0 ? 0 : Math.min(1.0, steps / (2.0 * changes));
      String name = (unpack ? words[1] : words[2]).replaceFirst(":.*", "");
      tell(
          FETCHED + (int) (share * (DONE - FETCHED)),
          "updating packages: " + Printable.shorten(name, 60));
    }
  }

  /** One line of the operator's script. */
  void scripted(String line) {
    if (!line.isBlank()) {
      tell(FETCHED, Printable.shorten(line.strip(), 200));
    }
  }

  private void tell(int percent, String message) {
    if (percent >= last) {
      last = percent;
      progress.report(percent, message);
    }
  }
}
