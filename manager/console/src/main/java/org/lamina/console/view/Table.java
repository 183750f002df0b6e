package org.lamina.console.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.WCWidth;

/**
 * Rows under headers, aligned, and fitted to a width: by cutting what may be cut, and where that is
 * not enough by leaving out columns from the right.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final String CUT = "…";

  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  public Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  public Table(Column... columns) {
    this(List.of(columns));
  }

  /** One cell for each column. */
  public Table row(List<Cell> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException("a row has " + columns.size() + " cells");
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  public Table row(Cell... cells) {
    return row(List.of(cells));
  }

  /**
   * @param width of the terminal in cells, 0 for as wide as it takes
   * @return lines, each with its end
   */
  public String render(int width, boolean colour) {
    int[] widths = width > 0 ? fit(widths(), width) : widths();
    StringBuilder out = new StringBuilder();
    line(out, columns.stream().map(c -> Cell.of(c.header(), Tint.STRONG)).toList(), widths, colour);
    rows.forEach(row -> line(out, row, widths, colour));
    return out.toString();
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = cells(columns.get(i).header());
      for (List<Cell> row : rows) {
        widths[i] = Math.max(widths[i], cells(row.get(i).text()));
      }
    }
    return widths;
  }

  private int[] fit(int[] natural, int width) {
    for (int shown = natural.length; shown > 1; shown--) {
      int[] widths = Arrays.copyOf(natural, shown);
      if (shrink(widths, width)) {
        return widths;
      }
    }
    return new int[] {Math.min(natural[0], width)};
  }

  /**
   * Takes one cell after the other from whatever column that may be cut is widest.
   *
   * @return false if it is still too wide
   */
  private boolean shrink(int[] widths, int width) {
    int total = GAP.length() * (widths.length - 1) + IntStream.of(widths).sum();
    for (; total > width; total--) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        int least = columns.get(i).least();
        if (least > 0 && widths[i] > least && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        return false;
      }
      widths[widest]--;
    }
    return true;
  }

  private void line(StringBuilder out, List<Cell> row, int[] widths, boolean colour) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Cell cell = row.get(i);
      String text = cut(cell.text(), widths[i]);
      String pad = " ".repeat(Math.max(0, widths[i] - cells(text)));
      String painted = cell.tint().paint(text, colour);
      boolean last = i == widths.length - 1;
      line.append(columns.get(i).right() ? pad + painted : painted + (last ? "" : pad))
          .append(last ? "" : GAP);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** The text, or its beginning and an ellipsis in so many cells. */
  public static String cut(String text, int width) {
    if (cells(text) <= width) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      used += Math.max(0, WCWidth.wcwidth(c));
      if (used > width - 1) {
        break;
      }
      out.appendCodePoint(c);
    }
    return out.append(CUT).toString();
  }

  /** How many cells of a terminal a text fills. */
  static int cells(String text) {
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }
}
