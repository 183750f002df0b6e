package org.lamina.console.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.JsonNode;

/** {@code operation list}. */
final class OperationList extends ConsoleCommand {
  private static final String DEFAULT_LIMIT = "20";
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.OPERATIONS,
              "operation list",
              "what laminad does and did",
              "operations")
          .options(
              OptionSpec.value("--limit", "N", "how many of the newest, 20 by default").or("-n"),
              CommandSpec.JSON)
          .examples("operation list", "operations -n 100");

  private final Daemon daemon;
  private final Clock clock;

  OperationList(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.clock = clock;
  }

  @Override
  protected int run(CommandCall call) {
    String limit = call.in().get("--limit");
    String most = limit == null ? DEFAULT_LIMIT : limit;
    if (!most.matches("[1-9][0-9]{0,3}") || Integer.parseInt(most) > 1000) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad value for --limit", "Write a number from 1 to 1000.");
    }
    JsonNode answer = daemon.get("/v1/operations?limit=" + most);
    if (call.json()) {
      call.print(answer);
    } else {
      call.print(table(daemon.list(answer, OperationInfo.class), clock));
    }
    return 0;
  }

  static Table table(List<OperationInfo> operations, Clock clock) {
    Table table =
        new Table(
            Column.number("ID"),
            Column.text("KIND"),
            Column.text("TARGET"),
            Column.text("STATE"),
            Column.text("STARTED"),
            Column.number("TOOK"),
            Column.number("CODE"),
            Column.cut("MESSAGE", 10));
    for (OperationInfo o : operations) {
      Instant ended = o.ended();
      table.row(
          Cell.of(o.id()),
          Cell.of(o.kind()),
          Cell.of(o.target()),
          state(o),
          Cell.of(Human.time(o.started(), clock.getZone())),
          Cell.of(
              Human.duration(
                  Duration.between(o.started(), ended == null ? clock.instant() : ended))),
          Cell.of(o.exitCode()),
          Cell.of(o.message()));
    }
    return table;
  }

  private static Cell state(OperationInfo o) {
    String word = o.state().toLowerCase(Locale.ROOT);
    return switch (o.state()) {
      case "RUNNING" -> Cell.of(o.percent() < 0 ? word : word + " " + o.percent() + "%", Tint.WARN);
      case "DONE" -> Cell.of(word, Tint.GOOD);
      default -> Cell.of(word, Tint.BAD);
    };
  }
}
