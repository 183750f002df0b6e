package org.lamina.templates.patch.rpm;

import org.jspecify.annotations.Nullable;

/**
 * Epoch, version and release of a package, ordered as rpm orders them.
 *
 * @param epoch 0 if the package names none
 */
public record Evr(long epoch, String version, String release) implements Comparable<Evr> {
  /** Reads {@code [EPOCH:]VERSION[-RELEASE]}. */
  public static Evr parse(String text) {
    int colon = text.indexOf(':');
    String head = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    int dash = rest.lastIndexOf('-');
    return new Evr(
        head.matches("[0-9]{1,18}") ? Long.parseLong(head) : 0,
        dash < 0 ? rest : rest.substring(0, dash),
        dash < 0 ? "" : rest.substring(dash + 1));
  }

  /** As people and tools write it, without an epoch of 0. */
  public String text() {
    return (epoch == 0 ? "" : epoch + ":") + version + (release.isEmpty() ? "" : "-" + release);
  }

  @Override
  public int compareTo(Evr other) {
    int order = Long.compare(epoch, other.epoch);
    if (order == 0) {
      order = compare(version, other.version);
    }
    return order == 0 ? compare(release, other.release) : order;
  }

  /** Compares two versions or releases segment by segment. */
  static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = skip(a, i);
      j = skip(b, j);
      @Nullable Integer special = special(at(a, i), at(b, j));
      if (special != null) {
        if (special != 0) {
          return special;
        }
        i++;
        j++;
        continue;
      }
      if (i >= a.length() || j >= b.length()) {
        return Integer.compare(a.length() - i, b.length() - j);
      }
      boolean digits = isDigit(a.charAt(i));
      int endA = end(a, i, digits);
      int endB = end(b, j, digits);
      if (endB == j) {
        // A number is newer than a word.
        return digits ? 1 : -1;
      }
      int order =
          digits
              ? numbers(a.substring(i, endA), b.substring(j, endB))
              : Integer.signum(a.substring(i, endA).compareTo(b.substring(j, endB)));
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
  }

  /** A tilde is older than anything, even the end; a caret newer than the end alone. */
  private static @Nullable Integer special(char a, char b) {
    if (a == '~' || b == '~') {
      return a == b ? 0 : a == '~' ? -1 : 1;
    }
    if (a == '^' || b == '^') {
      if (a == b) {
        return 0;
      }
      return a == '^' ? (b == 0 ? 1 : -1) : (a == 0 ? -1 : 1);
    }
    return null;
  }

  private static int numbers(String a, String b) {
    String x = a.replaceFirst("^0+", "");
    String y = b.replaceFirst("^0+", "");
    int order = Integer.compare(x.length(), y.length());
    return order == 0 ? Integer.signum(x.compareTo(y)) : order;
  }

  private static char at(String text, int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  private static int skip(String text, int from) {
    int i = from;
    while (i < text.length()
        && !isDigit(text.charAt(i))
        && !isLetter(text.charAt(i))
        && text.charAt(i) != '~'
        && text.charAt(i) != '^') {
      i++;
    }
    return i;
  }

  private static int end(String text, int from, boolean digits) {
    int i = from;
    while (i < text.length() && (digits ? isDigit(text.charAt(i)) : isLetter(text.charAt(i)))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
