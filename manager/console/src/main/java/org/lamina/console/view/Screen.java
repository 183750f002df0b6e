package org.lamina.console.view;

import java.io.PrintWriter;
import java.util.function.IntSupplier;

/**
 * Where output goes.
 *
 * @param err for what is not the answer itself: errors, warnings, progress
 * @param terminal somebody looks at it: lines may be drawn over
 * @param colour colours are wanted
 * @param size width in cells at this moment, 0 where there is none
 */
public record Screen(PrintWriter err, boolean terminal, boolean colour, IntSupplier size) {
  private static final int NARROWEST = 20;

  /** A file, a pipe or a test. */
  public static Screen plain(PrintWriter err) {
    return new Screen(err, false, false, () -> 0);
  }

  /** Width in cells; 0 for as wide as it takes. */
  public int width() {
    int width = size.getAsInt();
    return terminal && width > 0 ? Math.max(NARROWEST, width) : 0;
  }

  public String paint(Tint tint, String text) {
    return tint.paint(text, colour);
  }
}
