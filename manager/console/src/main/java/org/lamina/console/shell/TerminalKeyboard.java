package org.lamina.console.shell;

import java.io.IOException;
import java.time.Duration;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp;

/** The keys of a real terminal. */
public final class TerminalKeyboard implements Keyboard {
  private final Terminal terminal;

  public TerminalKeyboard(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int height() {
    return terminal.getHeight();
  }

  @Override
  public Session open() {
    Attributes before = terminal.enterRawMode();
    terminal.puts(InfoCmp.Capability.enter_ca_mode);
    terminal.puts(InfoCmp.Capability.cursor_invisible);
    terminal.flush();
    return new Session() {
      @Override
      public int key(Duration atMost) {
        try {
          int key = terminal.reader().read(Math.max(1, atMost.toMillis()));
          // Ctrl-C and Ctrl-D come as characters in raw mode on some terminals
          return key == -1 || key == 3 || key == 4 ? END : key < 0 ? NONE : key;
        } catch (IOException e) {
          return END;
        }
      }

      @Override
      public void close() {
        terminal.puts(InfoCmp.Capability.cursor_visible);
        terminal.puts(InfoCmp.Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.flush();
      }
    };
  }
}
