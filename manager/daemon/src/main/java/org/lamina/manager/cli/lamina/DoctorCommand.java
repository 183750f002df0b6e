package org.lamina.manager.cli.lamina;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.HostConfig;
import org.lamina.schema.ExitCode;

/** {@code lamina doctor}. */
final class DoctorCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("doctor"),
          "",
          "check what this host has of what containers need",
          new OptionTable().flag("JSON", "-j", "--json"),
          """
          Exits 5 if something is missing without which containers cannot run.

          Example:
            lamina doctor
          """,
          Completion.NOTHING);

  private final HostConfig config;
  private final ContainerService containers;

  DoctorCommand(HostConfig config, ContainerService containers) {
    this.config = config;
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    List<HostCheck> checks = new ArrayList<>(HostChecks.of(Path.of("/"), config.stateDir()));
    checks.add(HostChecks.reachable("RUN_DIR", config.runDir()));
    checks.add(HostChecks.reachable("LIBEXEC", config.libexec()));
    containers.hostFeatures().stream().map(HostChecks::feature).forEach(checks::add);
    containers.networkObstacles().stream().map(HostChecks::obstacle).forEach(checks::add);
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(checks));
    } else {
      Columns columns = new Columns("CHECK", "RESULT", "FOUND", "ADVICE");
      checks.forEach(c -> columns.row(c.name(), c.result().word(), c.found(), c.advice()));
      call.out().out(columns.render(true));
    }
    return checks.stream().anyMatch(c -> c.result() == HostCheck.Result.MISSING)
        ? ExitCode.NO_KERNEL_SUPPORT.code()
        : ExitCode.OK.code();
  }
}
