package org.lamina.schema;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hardware address of one interface, in the spelling of {@code ip}.
 *
 * @param text such as {@code 02:1a:4b:00:00:01}
 */
public record MacAddress(String text) implements Comparable<MacAddress> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){5}");

  /**
   * @throws LaminaException BAD_PARAMETER, also for an address of a group or of nobody
   */
  public MacAddress {
    text = text.toLowerCase(Locale.ROOT);
    if (!FORM.matcher(text).matches()
        || (Integer.parseInt(text.substring(0, 2), 16) & 1) != 0
        || text.equals("00:00:00:00:00:00")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad hardware address \"" + Printable.shorten(text, 40) + "\"",
          "Write six hexadecimal pairs of one interface, such as 02:1a:4b:00:00:01.");
    }
  }

  @Override
  public int compareTo(MacAddress other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
