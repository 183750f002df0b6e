package org.lamina.console.line;

import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Splits a line into words as a POSIX shell does, without any expansion: single quotes keep all,
 * double quotes keep all but {@code \"} and {@code \\}, a backslash keeps the next character.
 */
public final class Words {
  private static final char NONE = 0;

  private Words() {}

  /**
   * @throws LaminaException USAGE if a quote is not closed
   */
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = NONE;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == NONE && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
        continue;
      }
      inWord = true;
      if (c == '\\' && escapes(quote, line, i + 1)) {
        i++;
        word.append(line.charAt(i));
      } else if (quote == NONE && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = NONE;
      } else {
        word.append(c);
      }
    }
    if (quote != NONE) {
      throw new LaminaException(
          ExitCode.USAGE, "a quote (" + quote + ") is not closed", "Close it, or write \\" + quote);
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean escapes(char quote, String line, int next) {
    if (next >= line.length() || quote == '\'') {
      return false;
    }
    char c = line.charAt(next);
    return quote == NONE || c == '"' || c == '\\';
  }

  /** One word as it has to be typed so that {@link #split} gives it back. */
  public static String quote(String word) {
    boolean plain =
        !word.isEmpty()
            && word.chars().noneMatch(c -> Character.isWhitespace(c) || c == '\'' || c == '"')
            && word.indexOf('\\') < 0;
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Words as one line that {@link #split} takes apart again. */
  public static String join(List<String> words) {
    return String.join(" ", words.stream().map(Words::quote).toList());
  }
}
