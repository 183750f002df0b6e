package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/**
 * {@code container enter} and {@code container console}: the terminal goes there and comes back.
 */
final class ContainerTerminal extends ConsoleCommand {
  private static final CommandSpec ENTER =
      new CommandSpec(
          CommandSpec.Group.CONTAINERS,
          "container enter",
          List.of("enter"),
          "CTID [--exec COMMAND [ARG...]]",
          1,
          Integer.MAX_VALUE,
          Source.RUNNING,
          true,
          "open root's shell inside, and come back",
          List.of(),
          "The shell has a terminal of its own; leave it with exit or Ctrl-D.",
          List.of("container enter 101", "enter web1 --exec top"));
  private static final CommandSpec CONSOLE =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS,
              "container console",
              "attach to a container's console",
              "console")
          .operands("CTID", 1, 1, Source.CONTAINERS)
          .notes("At the start of a line, Esc . detaches and Esc ! kills what runs there.")
          .examples("container console 101");

  private final Toolbox tools;
  private final String word;

  private ContainerTerminal(Toolbox tools, CommandSpec spec, String word) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.word = word;
  }

  static ContainerTerminal enter(Toolbox tools) {
    return new ContainerTerminal(tools, ENTER, "enter");
  }

  static ContainerTerminal console(Toolbox tools) {
    return new ContainerTerminal(tools, CONSOLE, "console");
  }

  @Override
  protected int run(CommandCall call) {
    ContainerInfo c = Chosen.one(call.in().operand(0), tools.daemon());
    List<String> command = new ArrayList<>(List.of("vzctl", word, Integer.toString(c.ctid())));
    command.addAll(call.in().from(1));
    return tools.programs().foreground(command);
  }
}
