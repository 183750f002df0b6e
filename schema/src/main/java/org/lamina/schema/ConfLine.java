package org.lamina.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@link ConfFile}.
 *
 * @param raw the line as it stands in the file
 * @param key null for a comment, a blank line or one that is not understood
 * @param value the text between the quotes, escapes resolved; empty where key is null
 * @param problem why the line is not understood, or null
 */
record ConfLine(String raw, @Nullable String key, String value, @Nullable String problem) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  private static final Pattern REST = Pattern.compile("\\s*(#.*)?");

  /** Characters that a shell would act on between double quotes. */
  private static final String SPECIAL = "\"\\$`";

  static ConfLine parse(String raw) {
    if (raw.isBlank() || raw.stripLeading().startsWith("#")) {
      return new ConfLine(raw, null, "", null);
    }
    Matcher m = ASSIGNMENT.matcher(raw);
    if (!m.matches()) {
      return odd(raw, "is not KEY=\"value\"");
    }
    String key = m.group(1);
    if (!KEY.matcher(key).matches()) {
      return odd(raw, "the key is too long");
    }
    return value(raw, key, m.group(2));
  }

  private static ConfLine value(String raw, String key, String text) {
    StringBuilder value = new StringBuilder();
    int end;
    if (text.startsWith("\"")) {
      end = 1;
      while (end < text.length() && text.charAt(end) != '"') {
        boolean escape =
            text.charAt(end) == '\\'
                && end + 1 < text.length()
                && SPECIAL.indexOf(text.charAt(end + 1)) >= 0;
        value.append(text.charAt(escape ? ++end : end));
        end++;
      }
      if (end >= text.length()) {
        return odd(raw, key + " has no closing quote");
      }
      end++;
    } else if (text.startsWith("'")) {
      end = text.indexOf('\'', 1);
      if (end < 0) {
        return odd(raw, key + " has no closing quote");
      }
      value.append(text, 1, end);
      end++;
    } else {
      end = 0;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        value.append(text.charAt(end++));
      }
    }
    if (!REST.matcher(text.substring(end)).matches()) {
      return odd(raw, key + " has text behind its value");
    }
    return new ConfLine(raw, key, value.toString(), null);
  }

  private static ConfLine odd(String raw, String problem) {
    return new ConfLine(raw, null, "", problem);
  }

  static ConfLine of(String key, String value) {
    if (!KEY.matcher(key).matches()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad configuration key " + Printable.shorten(key, 40));
    }
    if (value.codePoints().anyMatch(c -> c == '\n' || c == '\r' || c == 0 || c == 0x85)
        || value.indexOf('\u2028') >= 0
        || value.indexOf('\u2029') >= 0) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "the value of " + key + " has a line break in it");
    }
    StringBuilder raw = new StringBuilder(key).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (SPECIAL.indexOf(c) >= 0) {
        raw.append('\\');
      }
      raw.append(c);
    }
    return new ConfLine(raw.append('"').toString(), key, value, null);
  }
}
