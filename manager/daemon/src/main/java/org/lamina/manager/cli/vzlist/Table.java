package org.lamina.manager.cli.vzlist;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.Printable;

/** Rows in columns of fixed width, one blank between them, nothing after the last. */
final class Table {
  private static final int LONGEST = 4096;

  private Table() {}

  static String render(List<ContainerView> rows, ListOptions options) {
    StringBuilder out = new StringBuilder();
    if (options.header()) {
      line(out, options, Field::header);
    }
    for (ContainerView row : rows) {
      line(out, options, f -> f.text().apply(row));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, ListOptions options, Cell cell) {
    List<Field> columns = options.columns();
    for (int i = 0; i < columns.size(); i++) {
      Field field = columns.get(i);
      boolean last = i == columns.size() - 1;
      String value = cell.of(field);
      String text = value == null || value.isEmpty() ? "-" : Printable.shorten(value, LONGEST);
      pad(out, cut(text, field.width(), last || !options.trim()), field, last);
      out.append(last ? '\n' : ' ');
    }
  }

  private static String cut(String text, int width, boolean whole) {
    int length = text.codePointCount(0, text.length());
    return whole || length <= width ? text : text.substring(0, text.offsetByCodePoints(0, width));
  }

  private static void pad(StringBuilder out, String text, Field field, boolean last) {
    int missing = Math.max(0, field.width() - text.codePointCount(0, text.length()));
    if (field.right()) {
      out.repeat(' ', missing).append(text);
    } else {
      out.append(text).repeat(' ', last ? 0 : missing);
    }
  }

  @FunctionalInterface
  private interface Cell {
    @Nullable String of(Field field);
  }
}
