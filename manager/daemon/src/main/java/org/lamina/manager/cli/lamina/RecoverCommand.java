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
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;

/** {@code lamina recover}. */
final class RecoverCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("recover"),
          "",
          "register every private area the database does not know",
          new OptionTable().flag("the recovered containers as JSON", "-j", "--json"),
          """
          For a host whose database was lost: each private area holds its own ve.conf. What the
          database knows already is left alone.

          Example:
            lamina recover
          """,
          Completion.NOTHING);

  private final ContainerService containers;

  RecoverCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    List<Ctid> found = containers.recover(call.listener(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(found.stream().map(c -> Map.of("ctid", c.value())).toList()));
      return ExitCode.OK.code();
    }
    call.out()
        .outLine(
            found.isEmpty()
                ? "Nothing to recover"
                : "Recovered " + found.size() + (found.size() == 1 ? " container" : " containers"));
    return ExitCode.OK.code();
  }
}
