package org.lamina.schema;

/**
 * Free text about a container, in any script: one line of at most 1024 characters without control
 * characters, so that it can be shown in a terminal and kept in a configuration file.
 */
public record Description(String value) {
  public static final int MAX = 1024;

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public Description {
    if (value.codePointCount(0, value.length()) > MAX) {
      throw bad("is longer than " + MAX + " characters");
    }
    if (value.codePoints().anyMatch(Description::unprintable)) {
      throw bad("has control characters in it");
    }
  }

  /** Format characters count too: they can turn the direction of the text that follows. */
  private static boolean unprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static LaminaException bad(String why) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER, "the description " + why, "Write one line of plain text.");
  }

  @Override
  public String toString() {
    return value;
  }
}
