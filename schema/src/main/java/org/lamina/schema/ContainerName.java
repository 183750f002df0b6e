package org.lamina.schema;

import java.util.regex.Pattern;

/**
 * The name of a container, usable wherever a CTID is: 1 to 64 ASCII letters, digits, spaces and
 * {@code - + _ .}, starting with a letter, digit or underscore, not ending in a space, and not only
 * digits. A name can therefore never be taken for an option, a path or a CTID.
 */
public record ContainerName(String value) {
  public static final int MAX = 64;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9 +_.-]*");
  private static final String HINT =
      "Use letters, digits, spaces and - + _ . ; begin with a letter, a digit or _.";

  /**
   * @throws LaminaException NAME_FAILED
   */
  public ContainerName {
    if (value.isEmpty()) {
      throw bad("the name is empty", value);
    }
    if (value.length() > MAX) {
      throw bad("it is longer than " + MAX + " characters", value);
    }
    if (!FORM.matcher(value).matches()) {
      throw bad("a character is not allowed there", value);
    }
    if (value.endsWith(" ")) {
      throw bad("it ends in a space", value);
    }
    if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw bad("a name of digits alone would be taken for a CTID", value);
    }
  }

  private static LaminaException bad(String why, String value) {
    return new LaminaException(
        ExitCode.NAME_FAILED,
        "bad container name \"" + Printable.shorten(value, 40) + "\": " + why,
        HINT);
  }

  @Override
  public String toString() {
    return value;
  }
}
