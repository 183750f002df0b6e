package org.lamina.console.shell;

import java.util.List;

/** Programs of the host, run on the caller's behalf. */
public interface Programs {
  /**
   * What a program did.
   *
   * @param output standard output and error as they came
   */
  record Captured(int code, String output) {}

  /** Gives the terminal away and returns the program's exit code when it comes back. */
  int foreground(List<String> command);

  /** Runs a program with empty input. Thread safe; interrupting the thread ends the program. */
  Captured capture(List<String> command);
}
