package org.lamina.console;

import java.io.IOError;
import java.util.function.IntSupplier;
import org.jline.terminal.Terminal;

/**
 * A terminal's width, asked for ten times a second at most because asking runs stty; Ctrl-C ends
 * that program too, and then the last answer holds. Thread safe.
 */
final class TerminalWidth implements IntSupplier {
  private static final long FRESH_NANOS = 100_000_000;

  private final Terminal terminal;
  private int last;
  private long asked;

  TerminalWidth(Terminal terminal) {
    this.terminal = terminal;
    this.last = terminal.getWidth();
    this.asked = System.nanoTime();
  }

  @Override
  public synchronized int getAsInt() {
    long now = System.nanoTime();
    if (now - asked > FRESH_NANOS) {
      asked = now;
      try {
        last = terminal.getWidth();
      } catch (IOError e) {
        // the next time will do
      }
    }
    return last;
  }
}
