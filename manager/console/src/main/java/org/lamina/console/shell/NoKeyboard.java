package org.lamina.console.shell;

import java.time.Duration;

/** Where there is no terminal there are no keys. */
public final class NoKeyboard implements Keyboard {
  @Override
  public int height() {
    return 0;
  }

  @Override
  public Session open() {
    return new Session() {
      @Override
      public int key(Duration atMost) {
        return END;
      }

      @Override
      public void close() {}
    };
  }
}
