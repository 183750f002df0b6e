package org.lamina.console.shell;

import java.util.Locale;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.shell.core.InputReader;

/**
 * Questions to the person at the terminal.
 *
 * @param possible false where nobody could answer
 */
public record Dialog(InputReader reader, boolean possible) {
  /**
   * @return what was typed, or the default for an empty answer
   * @throws LaminaException USAGE if nobody can answer or the question was refused by Ctrl-C
   */
  public String ask(String question, String defaultAnswer) {
    String shown = defaultAnswer.isEmpty() ? "" : " [" + defaultAnswer + "]";
    String answer = line(question + shown + ": ").strip();
    return answer.isEmpty() ? defaultAnswer : answer;
  }

  /** True for y or yes alone. */
  public boolean confirm(String question) {
    String answer = line(question + " [y/N] ").strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  private String line(String prompt) {
    if (!possible) {
      throw new LaminaException(
          ExitCode.USAGE, "there is nobody to ask: this is not a terminal", "Add --yes.");
    }
    try {
      String line = reader.readInput(prompt);
      return line == null ? "" : line;
    } catch (UserInterruptException | EndOfFileException e) {
      throw new LaminaException(ExitCode.USAGE, "Nothing was done", null, e);
    } catch (Exception e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read an answer: " + e.getMessage(), null, e);
    }
  }
}
