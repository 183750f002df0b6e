package org.lamina.manager.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Finds the command a program was asked for, and its help. Immutable. */
public final class Dispatch {
  private final String program;
  private final List<Command> commands;
  private final Map<String, Command> byName = new LinkedHashMap<>();
  private final Map<String, String> later;

  /**
   * @param later names OpenVZ has and this release refuses, with the reason as a phrase
   */
  public Dispatch(String program, List<Command> commands, Map<String, String> later) {
    this.program = program;
    this.commands = List.copyOf(commands);
    this.later = Map.copyOf(later);
    for (Command command : commands) {
      command.spec().names().forEach(n -> byName.put(n, command));
    }
  }

  public List<CommandSpec> specs() {
    return commands.stream().map(Command::spec).toList();
  }

  /** Runs the command named by the first argument, or shows its help. */
  public int run(Call call) {
    String name = call.args().getFirst();
    Command command = command(name);
    List<String> rest = call.args().subList(1, call.args().size());
    if (asksForHelp(command, rest)) {
      call.out().out(command.spec().help());
      return ExitCode.OK.code();
    }
    return command.run(call.withArgs(rest));
  }

  /** {@code PROGRAM help [COMMAND]}. */
  public int help(Call call, String overview) {
    List<String> args = call.args();
    call.out().out(args.isEmpty() ? overview : command(args.getFirst()).spec().help());
    return ExitCode.OK.code();
  }

  /**
   * @throws LaminaException USAGE with the nearest command as hint
   */
  public Command command(String name) {
    Command command = byName.get(name);
    if (command != null) {
      return command;
    }
    String reason = later.get(name);
    String shown = Printable.shorten(name, 40);
    if (reason != null) {
      throw new LaminaException(
          ExitCode.USAGE, program + " " + shown + " is not in this release: " + reason);
    }
    @Nullable String hint = Nearest.hint(name, byName.keySet());
    throw new LaminaException(
        ExitCode.USAGE,
        program + ": unknown command " + shown,
        hint != null ? hint : "See: " + program + " help");
  }

  /** The commands with their summaries, one per line. */
  public String overview() {
    int width = commands.stream().mapToInt(c -> c.spec().name().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (Command command : commands) {
      String name = command.spec().name();
      out.append("  ")
          .append(name)
          .repeat(" ", width - name.length() + 2)
          .append(command.spec().summary())
          .append('\n');
    }
    return out.toString();
  }

  /** True for {@code --help} before anything that belongs to a command inside a container. */
  private static boolean asksForHelp(Command command, List<String> args) {
    List<String> own = new ArrayList<>(args);
    if (command.spec().operands().contains("COMMAND") && own.size() > 1) {
      own = own.subList(0, 1);
    }
    return own.contains("--help");
  }
}
