package org.lamina.console.shell;

import java.time.Duration;

/** Single keys, for views that go on until one is pressed. */
public interface Keyboard {
  /** Nothing was pressed in time. */
  int NONE = -2;

  /** Somebody wants to leave, or there is no keyboard. */
  int END = -1;

  /** Height of the terminal in lines, 0 without one. */
  int height();

  /** Keys come one by one and unseen until the result is closed. */
  Session open();

  /** The time of single keys. */
  interface Session extends AutoCloseable {
    /**
     * @return a character, {@link #NONE} or {@link #END}
     */
    int key(Duration atMost);

    @Override
    void close();
  }
}
