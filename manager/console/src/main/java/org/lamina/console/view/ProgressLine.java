package org.lamina.console.view;

import org.lamina.schema.Printable;

/** One line at the bottom of a terminal that tells how far long work is. Thread safe. */
public final class ProgressLine {
  private static final int BAR = 20;
  private static final String WIPE = "\r\u001b[K";

  private final Screen screen;
  private boolean drawn;
  private String last = "";

  public ProgressLine(Screen screen) {
    this.screen = screen;
  }

  /**
   * @param percent 0..100, or -1 where unknown
   */
  public synchronized void draw(int percent, String message) {
    if (!screen.terminal()) {
      return;
    }
    last = line(percent, message, screen.width());
    screen.err().print(WIPE + last);
    screen.err().flush();
    drawn = true;
  }

  /** Prints something above the line. */
  public synchronized void above(Runnable print) {
    boolean again = drawn;
    erase();
    print.run();
    if (again) {
      screen.err().print(last);
      screen.err().flush();
      drawn = true;
    }
  }

  public synchronized void erase() {
    if (drawn) {
      screen.err().print(WIPE);
      screen.err().flush();
      drawn = false;
    }
  }

  static String line(int percent, String message, int width) {
    String text = Printable.shorten(message, 200);
    String bar =
        percent < 0
            ? " ... "
            : String.format("%3d%% [", percent)
                + "#".repeat(percent * BAR / 100)
                + " ".repeat(BAR - percent * BAR / 100)
                + "] ";
    return Table.cut(bar + text, width > 1 ? width - 1 : Integer.MAX_VALUE);
  }
}
