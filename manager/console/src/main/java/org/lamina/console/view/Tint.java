package org.lamina.console.view;

/** What a colour says; the colours themselves are the terminal's own palette. */
public enum Tint {
  PLAIN(""),
  GOOD("32"),
  WARN("33"),
  BAD("31"),
  FAINT("2"),
  STRONG("1");

  private static final String ESCAPE = "\u001b[";
  private final String code;

  Tint(String code) {
    this.code = code;
  }

  /** The text in this colour, or as it is. */
  public String paint(String text, boolean colour) {
    return !colour || code.isEmpty() || text.isEmpty()
        ? text
        : ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
