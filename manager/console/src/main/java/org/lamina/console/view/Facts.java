package org.lamina.console.view;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and values below each other, about one thing. */
public final class Facts {
  private final Map<String, Cell> facts = new LinkedHashMap<>();

  public Facts add(String name, Cell value) {
    facts.put(name, value);
    return this;
  }

  /** Lines, each with its end; what is too long for the width goes on, it is not cut. */
  public String render(boolean colour) {
    int width = facts.keySet().stream().mapToInt(Table::cells).max().orElse(0);
    StringBuilder out = new StringBuilder();
    facts.forEach((name, cell) ->
        out.append(Tint.FAINT.paint(name, colour))
            .repeat(' ', width - Table.cells(name) + 2)
            .append(cell.tint().paint(cell.text(), colour))
            .append('\n'));
    return out.toString();
  }
}
