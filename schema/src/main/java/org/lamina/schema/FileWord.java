package org.lamina.schema;

import java.util.regex.Pattern;

/**
 * The grammar of names that become part of a file name, such as templates and samples: 1 to 64
 * ASCII letters, digits and {@code . _ -}, starting with a letter or digit.
 */
public final class FileWord {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private FileWord() {}

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * @param what said in the message, such as {@code template}
   * @throws LaminaException with the given code
   */
  public static String check(String text, String what, ExitCode code) {
    if (!isOne(text)) {
      throw new LaminaException(code, "bad " + what + " name " + Printable.shorten(text, 40));
    }
    return text;
  }
}
