package org.lamina.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure an operator is told about: what was tried, on which object, what answered, and (as
 * {@link #hint()}) what can be done. Thrown by every layer; only the outermost turns it into text
 * and an exit code.
 */
public final class LaminaException extends RuntimeException {
  private final ExitCode exitCode;
  private final @Nullable String hint;

  /**
   * @param exitCode the row of the exit-code table
   * @param message one sentence without a full stop, such as {@code cannot mount container 101:
   *     ...}
   */
  public LaminaException(ExitCode exitCode, String message) {
    this(exitCode, message, null, null);
  }

  /**
   * @param hint what the operator can do next, one sentence, or null
   */
  public LaminaException(ExitCode exitCode, String message, @Nullable String hint) {
    this(exitCode, message, hint, null);
  }

  public LaminaException(
      ExitCode exitCode, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /** The message, always present. */
  public String text() {
    String message = getMessage();
    return message == null ? exitCode.meaning() : message;
  }
}
