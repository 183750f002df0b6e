package org.lamina.console.shell;

import java.util.Set;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.lamina.console.view.Screen;
import org.lamina.console.view.Tint;
import org.springframework.shell.core.InputReader;

/** Prompt, line, command, and again, until the person leaves. */
public final class InteractiveLoop {
  private static final Set<String> LEAVE = Set.of("exit", "quit", "logout");

  private final LineReader lines;
  private final LineRunner runner;
  private final InputReader answers;
  private final Screen screen;

  public InteractiveLoop(LineReader lines, LineRunner runner, InputReader answers, Screen screen) {
    this.lines = lines;
    this.runner = runner;
    this.answers = answers;
    this.screen = screen;
  }

  static boolean leaves(String line) {
    return LEAVE.contains(line);
  }

  /** Returns the last command's exit code, as a shell does. */
  public int run() {
    int code = 0;
    while (true) {
      String line;
      try {
        line = lines.readLine(prompt(code)).strip();
      } catch (UserInterruptException e) {
        // Ctrl-C gives up the line, not the console
        continue;
      } catch (EndOfFileException e) {
        return code;
      }
      if (leaves(line)) {
        return code;
      }
      if (!line.isEmpty() && !line.startsWith("#")) {
        code = runner.run(line, lines.getTerminal().writer(), answers, "");
        lines.getTerminal().flush();
      }
    }
  }

  private String prompt(int code) {
    String mark = code == 0 ? "" : " [" + code + "]";
    return screen.paint(Tint.STRONG, "lamina") + screen.paint(Tint.BAD, mark) + "> ";
  }
}
