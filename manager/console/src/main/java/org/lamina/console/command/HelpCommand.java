package org.lamina.console.command;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.LineParser;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.HelpText;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** {@code help}: all commands by group, one group, one command, or selectors. */
final class HelpCommand extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(CommandSpec.Group.CONSOLE, "help", "explain commands", "?")
          .operands("[COMMAND]", 0, 3, Source.COMMANDS)
          .examples("help", "help container create", "help selectors");
  private static final String KEYS =
      """
      Tab completes. Up and Ctrl-R find former lines. Ctrl-C gives up a line, or asks about the
      work that runs. exit or Ctrl-D leaves; containers and operations go on.
      More: help COMMAND, help selectors
      """;
  private static final String SELECTORS =
      """
      A SELECTOR names one container or many, in terms separated by commas:

        101               one by id
        web1              one by name
        101-140           ids from to
        web*              names by pattern, with * and ?
        all               every one
        state:running     by state: running, stopped, mounted
        template:NAME     by template, also with * and ?
        generation:N      by generation of its template
        label:KEY=VALUE   by label; label:KEY whatever the value is
        !TERM             not these

      Ids and names add up; terms with a colon narrow down. Names with spaces need quotes.

      Examples:
        container start 101-140,web*
        container exec template:debian-12,state:running uname -r
        container restart label:env=test,!101
      """;

  private final Supplier<List<CommandSpec>> commands;

  HelpCommand(Toolbox tools, Supplier<List<CommandSpec>> commands) {
    super(SPEC, tools.surroundings());
    this.commands = commands;
  }

  @Override
  protected int run(CommandCall call) {
    call.out().print(text(call.in().operands()));
    call.out().flush();
    return 0;
  }

  private String text(List<String> words) {
    List<CommandSpec> all = commands.get();
    if (words.isEmpty()) {
      return HelpText.overview(all) + KEYS;
    }
    if (words.equals(List.of("selectors"))) {
      return SELECTORS;
    }
    Optional<LineParser.Match> match = LineParser.find(words, all);
    if (match.isPresent() && match.get().length() == words.size()) {
      return HelpText.of(match.get().spec());
    }
    String name = String.join(" ", words);
    List<CommandSpec> members = all.stream().filter(s -> s.name().startsWith(name + " ")).toList();
    if (members.isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE,
          "there is no command " + Printable.shorten(name, 60),
          "Those that are there are shown by: help");
    }
    return HelpText.overview(members);
  }
}
