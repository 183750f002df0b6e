package org.lamina.manager.cli.lamina;

import java.util.List;
import java.util.Map;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.schema.ExitCode;

/** {@code lamina shutdown}. */
final class ShutdownCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("shutdown"),
          "",
          "stop every container, as when the host goes down",
          new OptionTable().flag("how many were stopped as JSON", "-j", "--json"),
          """
          Containers are stopped in the reverse of their boot order, those of one order at once.
          What runs now starts again with the host, or with the next start of the daemon. The
          host's own shutdown does this by the unit lamina-containers.service.

          Example:
            lamina shutdown
          """,
          Completion.NOTHING);

  private final ContainerService containers;

  ShutdownCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    int stopped = containers.shutdown(call.listener(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(List.of(Map.of("stopped", stopped))));
      return ExitCode.OK.code();
    }
    call.out()
        .outLine(
            stopped == 0
                ? "No container is running"
                : stopped + (stopped == 1 ? " container was" : " containers were") + " stopped");
    return ExitCode.OK.code();
  }
}
