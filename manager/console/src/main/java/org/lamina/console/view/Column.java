package org.lamina.console.view;

/**
 * A column of a table.
 *
 * @param right numbers end below each other
 * @param least cells it may be cut to where the terminal is narrow; 0 if it is never cut
 */
public record Column(String header, boolean right, int least) {
  public static Column text(String header) {
    return new Column(header, false, 0);
  }

  public static Column number(String header) {
    return new Column(header, true, 0);
  }

  /** Text that may be cut, but not below a width. */
  public static Column cut(String header, int least) {
    return new Column(header, false, least);
  }
}
