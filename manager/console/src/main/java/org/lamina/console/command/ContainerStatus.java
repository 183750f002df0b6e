package org.lamina.console.command;

import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** {@code container status}: vzctl's one line; as JSON, all that is known. */
final class ContainerStatus extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS,
              "container status",
              "the one line of vzctl status",
              "status")
          .operands("CTID", 1, 1, Source.CONTAINERS)
          .options(CommandSpec.JSON)
          .examples("container status 101");

  private final Toolbox tools;

  ContainerStatus(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    String container = call.in().operand(0);
    if (call.json()) {
      call.print(tools.daemon().get(Chosen.path(Chosen.one(container, tools.daemon()))));
      return 0;
    }
    return tools
        .daemon()
        .scripted()
        .run("vzctl", List.of("status", container), new ScriptedOutput(call, false));
  }
}
