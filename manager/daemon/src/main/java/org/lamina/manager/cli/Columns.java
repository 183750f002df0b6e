package org.lamina.manager.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamina.schema.Printable;

/** A table as wide as its values need; a header that begins with {@code >} aligns right. */
public final class Columns {
  private static final int LONGEST = 200;
  private final List<String> headers;
  private final List<List<String>> rows = new ArrayList<>();

  public Columns(String... headers) {
    this.headers = List.of(headers);
  }

  /** One value per header. */
  public void row(String... values) {
    if (values.length != headers.size()) {
      throw new IllegalArgumentException("a row has " + headers.size() + " values");
    }
    rows.add(Arrays.stream(values).map(v -> Printable.shorten(v, LONGEST)).toList());
  }

  public String render(boolean withHeader) {
    List<List<String>> lines = new ArrayList<>();
    if (withHeader) {
      lines.add(headers.stream().map(h -> right(h) ? h.substring(1) : h).toList());
    }
    lines.addAll(rows);
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      int start = out.length();
      for (int i = 0; i < line.size(); i++) {
        cell(out, line.get(i), width(lines, i), right(headers.get(i)), i == line.size() - 1);
      }
      out.replace(start, out.length(), out.substring(start).stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private static void cell(StringBuilder out, String text, int width, boolean right, boolean last) {
    int missing = width - text.codePointCount(0, text.length());
    if (right) {
      out.repeat(' ', missing).append(text);
    } else {
      out.append(text).repeat(' ', last ? 0 : missing);
    }
    out.append(last ? "" : "  ");
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream()
        .map(l -> l.get(column))
        .mapToInt(t -> t.codePointCount(0, t.length()))
        .max()
        .orElse(0);
  }

  private static boolean right(String header) {
    return header.startsWith(">");
  }
}
