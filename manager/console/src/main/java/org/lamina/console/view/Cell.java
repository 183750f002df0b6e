package org.lamina.console.view;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.Printable;

/** One value of a table; what could move the cursor is taken out of it. */
public record Cell(String text, Tint tint) {
  private static final int LONGEST = 1000;
  private static final Cell NONE = new Cell("-", Tint.FAINT);

  public Cell {
    text = Printable.shorten(text, LONGEST);
  }

  /** A value, or a dash where there is none. */
  public static Cell of(@Nullable Object value) {
    return value == null ? NONE : new Cell(value.toString(), Tint.PLAIN);
  }

  public static Cell of(Object value, Tint tint) {
    return new Cell(value.toString(), tint);
  }
}
