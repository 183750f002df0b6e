package org.lamina.templates.patch.debian;

import java.util.Comparator;

/**
 * Order of Debian package versions, {@code [epoch:]upstream[-revision]}, as Debian policy 5.6.12
 * defines it. Pure.
 */
public final class DebianVersion {
  /** Oldest first. Versions that differ only in leading zeros are equal. */
  public static final Comparator<String> ORDER = DebianVersion::compare;

  private DebianVersion() {}

  /** Below zero if {@code a} is older than {@code b}. */
  public static int compare(String a, String b) {
    if (a.equals(b)) {
      return 0;
    }
    int epochs = digits(epoch(a), epoch(b));
    if (epochs != 0) {
      return epochs;
    }
    int upstream = part(upstream(a), upstream(b));
    return upstream != 0 ? upstream : part(revision(a), revision(b));
  }

  /**
   * Whether {@code version RELATION bound} holds.
   *
   * @param relation one of {@code << <= = >= >>}, or the outdated {@code <} and {@code >}, which
   *     mean {@code <=} and {@code >=}
   * @throws IllegalArgumentException if the relation is none of these
   */
  static boolean holds(String version, String relation, String bound) {
    int order = compare(version, bound);
    return switch (relation) {
      case "<<" -> order < 0;
      case "<=", "<" -> order <= 0;
      case "=" -> order == 0;
      case ">=", ">" -> order >= 0;
      case ">>" -> order > 0;
      default -> throw new IllegalArgumentException("no version relation: " + relation);
    };
  }

  private static String epoch(String version) {
    int colon = version.indexOf(':');
    return colon < 0 ? "" : version.substring(0, colon);
  }

  private static String upstream(String version) {
    int from = version.indexOf(':') + 1;
    int dash = version.lastIndexOf('-');
    return dash < from ? version.substring(from) : version.substring(from, dash);
  }

  private static String revision(String version) {
    int dash = version.lastIndexOf('-');
    return dash < version.indexOf(':') + 1 ? "" : version.substring(dash + 1);
  }

  /** Stretches of other characters and numbers in turn; a tilde is before even the end. */
  private static int part(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (isOther(a, i) || isOther(b, j)) {
        int order = Integer.compare(weight(a, i), weight(b, j));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int endA = numberEnd(a, i);
      int endB = numberEnd(b, j);
      int order =
          digits(a.substring(Math.min(i, endA), endA), b.substring(Math.min(j, endB), endB));
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
    return 0;
  }

  private static boolean isOther(String text, int at) {
    return at < text.length() && !isDigit(text.charAt(at));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int weight(String text, int at) {
    if (at >= text.length() || isDigit(text.charAt(at))) {
      return 0;
    }
    char c = text.charAt(at);
    if (c == '~') {
      return -1;
    }
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter ? c : c + 256;
  }

  private static int numberEnd(String text, int from) {
    int end = Math.min(from, text.length());
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Numbers of any length, so that a date with a time does not overflow. */
  private static int digits(String a, String b) {
    String x = a.replaceFirst("^0+", "");
    String y = b.replaceFirst("^0+", "");
    return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
  }
}
