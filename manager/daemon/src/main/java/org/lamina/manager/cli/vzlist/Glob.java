package org.lamina.manager.cli.vzlist;

import java.util.regex.Pattern;

/**
 * Shell patterns over a whole text: {@code *}, {@code ?}, {@code [a-z]}, {@code [!x]}, {@code \}.
 */
final class Glob {
  private Glob() {}

  static Pattern compile(String glob) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> out.append(".*");
        case '?' -> out.append('.');
        case '[' -> {
          int end =
              glob.indexOf(
                  ']',
                  i + (i + 1 < glob.length() && "!^".indexOf(glob.charAt(i + 1)) >= 0 ? 3 : 2));
          if (end < 0) {
            out.append("\\[");
          } else {
            out.append(set(glob.substring(i + 1, end)));
            i = end;
          }
        }
        case '\\' -> {
          if (i + 1 < glob.length()) {
            i++;
          }
          out.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
        default -> out.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(out.toString(), Pattern.DOTALL);
  }

  /** A regular expression for the inside of brackets; only ranges mean anything in it. */
  private static String set(String inside) {
    boolean not = inside.startsWith("!") || inside.startsWith("^");
    String members = not ? inside.substring(1) : inside;
    StringBuilder out = new StringBuilder(not ? "[^" : "[");
    for (int i = 0; i < members.length(); i++) {
      char c = members.charAt(i);
      boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
      if (range && members.charAt(i + 2) >= c) {
        out.append(literal(c)).append('-').append(literal(members.charAt(i + 2)));
        i += 2;
      } else {
        out.append(literal(c));
      }
    }
    return out.append(']').toString();
  }

  private static String literal(char c) {
    return Character.isLetterOrDigit(c) ? String.valueOf(c) : "\\" + c;
  }
}
