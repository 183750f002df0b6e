package org.lamina.manager.cli;

import java.util.List;

/**
 * What a command is called and takes; its help text, the man page test and shell completion are
 * made from it.
 *
 * @param program such as {@code vzctl}
 * @param names the command's name and its aliases
 * @param operands as in a synopsis, such as {@code CTID}
 * @param summary one phrase
 * @param notes paragraphs and examples that follow the options in the help text
 * @param operand what a shell may offer for an operand
 */
public record CommandSpec(
    String program,
    List<String> names,
    String operands,
    String summary,
    OptionTable options,
    String notes,
    Option.Completion operand) {
  public CommandSpec {
    names = List.copyOf(names);
  }

  public String name() {
    return names.getFirst();
  }

  /** For messages: {@code vzctl create}. */
  public String title() {
    return program.equals(name()) ? program : program + " " + name();
  }

  public String help() {
    StringBuilder out = new StringBuilder();
    out.append(title()).append(": ").append(summary).append("\n\n");
    out.append("Usage: ").append(title());
    if (!options.options().isEmpty() && !operands.contains("[OPTION")) {
      out.append(" [OPTION...]");
    }
    out.append(operands.isEmpty() ? "" : " " + operands).append('\n');
    if (names.size() > 1) {
      out.append("Also: ").append(String.join(", ", names.subList(1, names.size()))).append('\n');
    }
    if (!options.options().isEmpty()) {
      out.append("\nOptions:\n").append(optionHelp());
    }
    if (!notes.isEmpty()) {
      out.append('\n').append(notes.strip()).append('\n');
    }
    return out.toString();
  }

  private String optionHelp() {
    int width = options.options().stream().mapToInt(o -> o.usage().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (Option option : options.options()) {
      out.append("  ")
          .append(option.usage())
          .repeat(" ", width - option.usage().length() + 2)
          .append(option.help())
          .append('\n');
    }
    return out.toString();
  }
}
