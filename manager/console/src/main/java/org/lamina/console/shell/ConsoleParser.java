package org.lamina.console.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.LineParser;
import org.lamina.console.line.Parsed;
import org.lamina.console.line.Similar;
import org.lamina.console.line.Words;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.ParsedInput;

/**
 * Reads lines by the commands' tables. Unlike the shell's own parser it knows options without a
 * value, takes quotes as a shell does, and refuses what no command takes.
 */
public final class ConsoleParser implements CommandParser {
  private final CommandRegistry registry;

  public ConsoleParser(CommandRegistry registry) {
    this.registry = registry;
  }

  /**
   * @throws LaminaException USAGE or BAD_PARAMETER; the line then runs nothing
   */
  @Override
  public ParsedInput parse(String input) {
    List<String> words = Words.split(input);
    if (words.isEmpty()) {
      throw new LaminaException(ExitCode.USAGE, "the line is empty");
    }
    Collection<CommandSpec> specs = specs(registry);
    Optional<LineParser.Match> match = LineParser.find(words, specs);
    if (match.isEmpty()) {
      return input(help(words, specs), new Parsed(List.of(words.getFirst()), Map.of()));
    }
    CommandSpec spec = match.get().spec();
    List<String> rest = words.subList(match.get().length(), words.size());
    return input(spec, LineParser.parse(spec, rest));
  }

  static Collection<CommandSpec> specs(CommandRegistry registry) {
    List<CommandSpec> specs = new ArrayList<>();
    for (Command command : registry.getCommands()) {
      if (command instanceof ConsoleCommand own) {
        specs.add(own.spec());
      }
    }
    return specs;
  }

  /** The first word of several commands, such as {@code container} alone, asks what they are. */
  private static CommandSpec help(List<String> words, Collection<CommandSpec> specs) {
    boolean first = specs.stream().anyMatch(s -> s.name().startsWith(words.getFirst() + " "));
    boolean asks = words.size() == 1 || (words.size() == 2 && words.get(1).equals("--help"));
    if (first && asks) {
      return specs.stream().filter(s -> s.name().equals("help")).findFirst().orElseThrow();
    }
    throw unknown(words, specs, first);
  }

  private static LaminaException unknown(
      List<String> words, Collection<CommandSpec> specs, boolean known) {
    String typed = words.size() > 1 && known ? words.get(0) + " " + words.get(1) : words.get(0);
    List<String> names = specs.stream().flatMap(s -> s.names().stream()).toList();
    return new LaminaException(
        ExitCode.USAGE,
        "there is no command " + Printable.shorten(typed, 60),
        Similar.to(typed, names)
            .map(n -> "Did you mean " + n + "?")
            .orElse("Those that are there are shown by: help"));
  }

  private static ParsedInput input(CommandSpec spec, Parsed parsed) {
    String[] name = spec.name().split(" ");
    ParsedInput.Builder builder = ParsedInput.builder().commandName(name[0]);
    for (int i = 1; i < name.length; i++) {
      builder.addSubCommand(name[i]);
    }
    parsed
        .options()
        .forEach((option, value) ->
            builder.addOption(
                CommandOption.with().longName(option.substring(2)).value(value).build()));
    for (int i = 0; i < parsed.operands().size(); i++) {
      builder.addArgument(new CommandArgument(i, parsed.operand(i)));
    }
    return builder.build();
  }
}
