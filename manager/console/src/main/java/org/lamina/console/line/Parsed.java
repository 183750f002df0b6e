package org.lamina.console.line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a line asks of a command.
 *
 * @param options values by long name with dashes; the empty string for an option without value
 */
public record Parsed(List<String> operands, Map<String, String> options) {
  public Parsed {
    operands = List.copyOf(operands);
    options = Map.copyOf(new LinkedHashMap<>(options));
  }

  public boolean has(OptionSpec option) {
    return has(option.name());
  }

  public boolean has(String name) {
    return options.containsKey(name);
  }

  public @Nullable String get(String name) {
    return options.get(name);
  }

  /** The operand at an index from 0, which the command's spec says is there. */
  public String operand(int index) {
    return operands.get(index);
  }

  /** The operands from an index on. */
  public List<String> from(int index) {
    return new ArrayList<>(operands.subList(index, operands.size()));
  }
}
