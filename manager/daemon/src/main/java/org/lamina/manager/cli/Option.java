package org.lamina.manager.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a command.
 *
 * @param names spellings, the first is the documented one
 * @param value what follows it, such as {@code SIZE}; null for a switch
 * @param help one phrase for the help text
 * @param completion what a shell may offer for the value
 */
public record Option(
    List<String> names, @Nullable String value, String help, Completion completion) {
  /** What can stand at a place of the command line. */
  public enum Completion {
    NOTHING,
    CONTAINER,
    TEMPLATE,
    DEFINITION,
    YES_NO,
    SAMPLE,
    FIELD,
    FILE
  }

  public Option {
    names = List.copyOf(names);
  }

  public String name() {
    return names.getFirst();
  }

  /** As it stands in a help text: {@code -o, --output FIELDS}. */
  public String usage() {
    return String.join(", ", names) + (value == null ? "" : " " + value);
  }
}
