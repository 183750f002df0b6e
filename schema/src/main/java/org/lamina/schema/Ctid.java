package org.lamina.schema;

import java.util.regex.Pattern;

/** A container id as operators type it: 101 to 2147483644. Ids up to 100 are reserved. */
public record Ctid(int value) implements Comparable<Ctid> {
  public static final int MIN = 101;
  public static final int MAX = 2_147_483_644;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");

  public Ctid {
    if (value < MIN || value > MAX) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "Bad CT ID " + value + ": ids run from " + MIN + " to " + MAX,
          value >= 0 && value < MIN ? "Ids 0 to 100 are reserved; choose 101 or more." : null);
    }
  }

  /** True if the text looks like a number rather than a name. */
  public static boolean looksNumeric(String text) {
    return DIGITS.matcher(text).matches();
  }

  /**
   * @throws LaminaException BAD_PARAMETER if the text is no number in range
   */
  public static Ctid parse(String text) {
    if (!looksNumeric(text) || Long.parseLong(text) > MAX) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "Bad CT ID " + Printable.shorten(text, 40));
    }
    return new Ctid(Integer.parseInt(text));
  }

  @Override
  public int compareTo(Ctid other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
