package org.lamina.schema;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a network interface: 1 to 15 bytes (IFNAMSIZ less the final zero) that are safe in
 * files, in {@code ip} batches and in the packet filter's language.
 */
public final class InterfaceName {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");
  private static final Set<String> RESERVED = Set.of("lo", "all", "default", "none");

  private InterfaceName() {}

  /**
   * @param what the name is of, for the message
   * @throws LaminaException BAD_PARAMETER
   */
  public static String check(String text, String what) {
    if (!FORM.matcher(text).matches() || RESERVED.contains(text)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad name \"" + Printable.shorten(text, 40) + "\" of " + what,
          "Write 1 to 15 letters, digits, dots, dashes or underscores, such as eth0.");
    }
    return text;
  }
}
