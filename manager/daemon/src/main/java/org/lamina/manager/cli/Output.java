package org.lamina.manager.cli;

/** The caller's screen. Thread safe; a caller that has gone away is not an error. */
public interface Output {
  /** Text for standard output, exactly as given. */
  void out(String text);

  /** Text for standard error, exactly as given. */
  void err(String text);

  /** Progress, drawn on a terminal and otherwise dropped. */
  void progress(int percent, String message);

  default void outLine(String line) {
    out(line + "\n");
  }

  default void errLine(String line) {
    err(line + "\n");
  }
}
