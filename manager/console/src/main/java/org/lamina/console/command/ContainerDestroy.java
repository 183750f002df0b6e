package org.lamina.console.command;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code container destroy}: says what will go, asks, and does it. */
final class ContainerDestroy extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS,
              "container destroy",
              "delete stopped containers and their files",
              "destroy",
              "delete",
              "container delete")
          .operands("SELECTOR", 1, 1, Source.STOPPED)
          .options(CommandSpec.YES, CommandSpec.JSON)
          .notes(
              "Shows what will go and asks. Refused while one of them runs. There is no way back.")
          .examples("container destroy 101", "destroy test*,!test1", "destroy 101 --yes");

  private final Toolbox tools;

  ContainerDestroy(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    List<ContainerInfo> busy = chosen.stream().filter(ContainerInfo::running).toList();
    if (!busy.isEmpty()) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING,
          "still running: "
              + busy.stream().map(ContainerInfo::title).collect(Collectors.joining(", ")),
          "Nothing was destroyed. Stop them first: container stop "
              + busy.stream()
                  .map(c -> Integer.toString(c.ctid()))
                  .collect(Collectors.joining(",")));
    }
    boolean agreed =
        call.agreed(() -> {
          call.note(
              Tint.PLAIN,
              plan(chosen).render(call.screen().width(), call.screen().colour()).stripTrailing());
          return Human.count(chosen.size(), "container") + " with all files will be gone. Go on?";
        });
    if (!agreed) {
      call.note(Tint.PLAIN, "Nothing was destroyed");
      return ExitCode.USAGE.code();
    }
    return new Many(tools, call)
        .run(chosen, "destroyed", c -> tools.daemon().submit("DELETE", Chosen.path(c)));
  }

  static Table plan(List<ContainerInfo> chosen) {
    Table table =
        new Table(
            Column.number("CTID"),
            Column.cut("NAME", 8),
            Column.cut("HOSTNAME", 8),
            Column.cut("TEMPLATE", 9),
            Column.cut("DESCRIPTION", 11),
            Column.cut("FILES", 16));
    chosen.forEach(c ->
        table.row(
            Cell.of(c.ctid()),
            Cell.of(c.name()),
            Cell.of(c.hostname()),
            Cell.of(c.template()),
            Cell.of(c.description()),
            Cell.of(Objects.requireNonNullElse(c.privateArea(), ""))));
    return table;
  }
}
