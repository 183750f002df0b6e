package org.lamina.schema;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host name as in RFC 1123, which Linux limits to 64 characters: labels of letters, digits and
 * inner hyphens, separated by single dots.
 */
public record Hostname(String value) {
  /** HOST_NAME_MAX of Linux, see uname(2). */
  public static final int MAX = 64;

  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  /**
   * @throws LaminaException BAD_HOSTNAME
   */
  public Hostname {
    if (value.isEmpty()) {
      throw bad("it is empty", value, null);
    }
    if (value.length() > MAX) {
      throw bad("it is longer than the " + MAX + " characters Linux allows", value, null);
    }
    if (value.chars().anyMatch(c -> c > 126)) {
      throw bad(
          "it has characters beyond ASCII", value, "Write an international name in its xn-- form.");
    }
    for (String label : value.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw bad(
            label.isEmpty()
                ? "a part between the dots is empty"
                : "the part \"" + Printable.shorten(label, 40) + "\" is not valid",
            value,
            "Parts have letters, digits and inner hyphens, up to 63, separated by dots.");
      }
    }
  }

  private static LaminaException bad(String why, String value, @Nullable String hint) {
    return new LaminaException(
        ExitCode.BAD_HOSTNAME,
        "bad host name \"" + Printable.shorten(value, 40) + "\": " + why,
        hint);
  }

  @Override
  public String toString() {
    return value;
  }
}
