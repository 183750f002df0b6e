package org.lamina.schema;

/** Makes hostile text safe to show in a message or a terminal. */
public final class Printable {
  private Printable() {}

  /** Control characters (escape sequences included) become {@code ?}; longer text is cut. */
  public static String shorten(String text, int limit) {
    StringBuilder out = new StringBuilder();
    int end = text.offsetByCodePoints(0, Math.min(limit, text.codePointCount(0, text.length())));
    text.substring(0, end)
        .codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(out::appendCodePoint);
    return end < text.length() ? out + "..." : out.toString();
  }
}
