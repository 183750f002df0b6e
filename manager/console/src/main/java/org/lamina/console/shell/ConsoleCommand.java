package org.lamina.console.shell;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Parsed;
import org.lamina.console.view.Screen;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.ExitStatus;

/**
 * A command of the shell described by a {@link CommandSpec}. Failures are thrown as
 * LaminaException; whoever runs the command prints them.
 */
public abstract class ConsoleCommand implements Command {
  private final CommandSpec spec;
  private final Screen screen;
  private final boolean canAsk;

  protected ConsoleCommand(CommandSpec spec, Surroundings surroundings) {
    this.spec = spec;
    this.screen = surroundings.screen();
    this.canAsk = surroundings.canAsk();
  }

  /**
   * @return the exit code
   */
  protected abstract int run(CommandCall call);

  public final CommandSpec spec() {
    return spec;
  }

  @Override
  public final String getName() {
    return spec.name();
  }

  @Override
  public final String getDescription() {
    return spec.summary();
  }

  @Override
  public final String getGroup() {
    return spec.group().title();
  }

  @Override
  public final String getHelp() {
    return HelpText.of(spec);
  }

  @Override
  public final List<String> getAliases() {
    return spec.aliases();
  }

  @Override
  public final List<CommandOption> getOptions() {
    return spec.options().stream().map(ConsoleCommand::described).toList();
  }

  private static CommandOption described(OptionSpec option) {
    String letter = option.letter();
    return CommandOption.with()
        .longName(option.name().substring(2))
        .shortName(letter == null ? ' ' : letter.charAt(1))
        .description(option.help())
        .required(false)
        .type(option.takesValue() ? String.class : boolean.class)
        .build();
  }

  @Override
  public final ExitStatus execute(CommandContext context) {
    Parsed parsed = parsed(context);
    if (parsed.has(CommandSpec.HELP)) {
      context.outputWriter().print(getHelp());
      context.outputWriter().flush();
      return ExitStatus.OK;
    }
    Dialog dialog = new Dialog(context.inputReader(), canAsk);
    int code = run(new CommandCall(parsed, context.outputWriter(), dialog, screen));
    return code == 0 ? ExitStatus.OK : new ExitStatus(code, spec.name() + " exited with " + code);
  }

  private static Parsed parsed(CommandContext context) {
    Map<String, String> options = new LinkedHashMap<>();
    for (CommandOption option : context.parsedInput().options()) {
      String value = option.value();
      options.put("--" + option.longName(), value == null ? "" : value);
    }
    List<String> operands =
        context.parsedInput().arguments().stream()
            .sorted(Comparator.comparingInt(CommandArgument::index))
            .map(CommandArgument::value)
            .toList();
    return new Parsed(operands, options);
  }
}
