package org.lamina.console.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;

/** Help, made from the tables that parsing uses. Pure. */
public final class HelpText {
  private HelpText() {}

  /** One command in full. */
  public static String of(CommandSpec spec) {
    StringBuilder out = new StringBuilder();
    out.append(spec.name()).append(": ").append(spec.summary()).append("\n\n");
    out.append("Usage: ").append(spec.usage()).append('\n');
    if (!spec.aliases().isEmpty()) {
      out.append("Also:  ").append(String.join(", ", spec.aliases())).append('\n');
    }
    List<OptionSpec> options = new ArrayList<>(spec.options());
    options.add(CommandSpec.HELP);
    int width = options.stream().mapToInt(o -> form(o).length()).max().orElse(0);
    out.append("\nOptions:\n");
    for (OptionSpec option : options) {
      String form = form(option);
      out.append("  ").append(form).repeat(' ', width - form.length() + 2);
      out.append(option.help()).append('\n');
    }
    if (!spec.notes().isEmpty()) {
      out.append('\n').append(spec.notes().strip()).append('\n');
    }
    if (!spec.examples().isEmpty()) {
      out.append("\nExamples:\n");
      spec.examples().forEach(e -> out.append("  ").append(e).append('\n'));
    }
    return out.toString();
  }

  private static String form(OptionSpec option) {
    String letter = option.letter();
    return (letter == null ? "    " : letter + ", ")
        + option.name()
        + (option.value() == null ? "" : " " + option.value());
  }

  /** Every command on a line of its own, by group. */
  public static String overview(Collection<CommandSpec> specs) {
    int width = specs.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (CommandSpec.Group group : CommandSpec.Group.values()) {
      List<CommandSpec> members =
          specs.stream()
              .filter(s -> s.group() == group)
              .sorted(Comparator.comparing(CommandSpec::name))
              .toList();
      if (!members.isEmpty()) {
        out.append(group.title()).append('\n');
        for (CommandSpec spec : members) {
          out.append("  ").append(spec.name()).repeat(' ', width - spec.name().length() + 2);
          out.append(spec.summary()).append('\n');
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}
