package org.lamina.manager.cli.lamina;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.HostCapacity;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.HostUsage;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;

/** {@code lamina usage}: what the host has, uses and has promised. */
final class UsageCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("usage", "oversell"),
          "",
          "show what the host has, uses and has promised",
          new OptionTable().flag("JSON", "-j", "--json"),
          """
          PROMISED adds up the limits of running containers, TO ALL those of stopped ones too. OF
          HOST above 100% is oversold. UNLIMITED counts running containers without such a limit.

          Example:
            lamina usage
          """,
          Completion.NOTHING);

  private final ContainerService containers;
  private final HostConfig config;

  UsageCommand(ContainerService containers, HostConfig config) {
    this.containers = containers;
    this.config = config;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    List<HostUsage.Resource> resources =
        HostUsage.of(HostCapacity.read(Path.of("/proc"), config.stateDir()), containers.list());
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(resources));
    } else {
      call.out().out(table(resources));
    }
    return ExitCode.OK.code();
  }

  static String table(List<HostUsage.Resource> resources) {
    Columns columns =
        new Columns(
            "RESOURCE", ">HOST", ">IN USE", ">PROMISED", ">OF HOST", ">TO ALL", ">UNLIMITED");
    for (HostUsage.Resource r : resources) {
      columns.row(
          r.resource(),
          amount(r.unit(), r.host()),
          amount(r.unit(), r.used()),
          amount(r.unit(), r.promised()),
          share(r.host(), r.promised()),
          amount(r.unit(), r.promisedToAll()),
          r.unlimited() == null ? "-" : r.unlimited().toString());
    }
    return columns.render(true);
  }

  private static String amount(String unit, @Nullable Long value) {
    if (value == null) {
      return "-";
    }
    return switch (unit) {
      case "bytes" -> new ByteSize(value).human();
      case "percent" -> String.format(Locale.ROOT, "%.2f", value / 100.0);
      default -> value.toString();
    };
  }

  private static String share(long host, @Nullable Long promised) {
    return promised == null || host <= 0 ? "-" : Math.round(promised * 100.0 / host) + "%";
  }
}
