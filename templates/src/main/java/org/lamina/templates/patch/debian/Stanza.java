package org.lamina.templates.patch.debian;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One paragraph of a control file such as dpkg's status. Keeps its text as it was, so that what is
 * not changed is written as it was read. Immutable; thread safe.
 */
final class Stanza {
  private final String text;
  private final Map<String, String> fields;
  private volatile @Nullable Relations relations;

  /**
   * @param text lines of the paragraph, each ended by a newline
   */
  Stanza(String text) {
    this.text = text;
    this.fields = fields(text);
  }

  /** The paragraphs of a text; blank lines between them in any number. */
  static List<Stanza> parse(String all) {
    return texts(all).stream().map(Stanza::new).toList();
  }

  /** The texts of the paragraphs, each ended by one newline. */
  static List<String> texts(String all) {
    List<String> out = new ArrayList<>();
    int at = 0;
    while (at < all.length()) {
      while (at < all.length() && all.charAt(at) == '\n') {
        at++;
      }
      int end = all.indexOf("\n\n", at);
      String part = end < 0 ? all.substring(at) : all.substring(at, end + 1);
      at = end < 0 ? all.length() : end + 1;
      if (!part.isBlank()) {
        out.add(part.endsWith("\n") ? part : part + "\n");
      }
    }
    return out;
  }

  String text() {
    return text;
  }

  /** A field's value, names compared without case; lines after the first begin with a newline. */
  @Nullable String field(String name) {
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  String field(String name, String otherwise) {
    @Nullable String value = field(name);
    return value == null ? otherwise : value;
  }

  /** The same paragraph with another one-line value; the field must exist. */
  Stanza with(String name, String value) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (String line : text.split("\n")) {
      boolean hit = line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
      out.append(hit ? name + ": " + value : line).append('\n');
    }
    return new Stanza(out.toString());
  }

  /** What the package needs, offers and cannot live with; parsed once. */
  Relations relations() {
    @Nullable Relations known = relations;
    if (known == null) {
      known = Relations.of(this);
      relations = known;
    }
    return known;
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> out = new LinkedHashMap<>();
    @Nullable String name = null;
    for (String line : text.split("\n")) {
      if (line.startsWith(" ") || line.startsWith("\t")) {
        if (name != null) {
          out.merge(name, "\n" + line, String::concat);
        }
        continue;
      }
      int colon = line.indexOf(':');
      name = colon < 0 ? null : line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (name != null) {
        out.put(name, line.substring(colon + 1).strip());
      }
    }
    return out;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Stanza s && s.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
