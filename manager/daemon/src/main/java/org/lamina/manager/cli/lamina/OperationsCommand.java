package org.lamina.manager.cli.lamina;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code lamina operations}: what the daemon does and did. */
final class OperationsCommand implements Command {
  private static final int SHOWN = 20;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("operations"),
          "",
          "show, follow or cancel what the daemon does",
          new OptionTable()
              .value("N", "how many of the newest, 20 by default", "-n", "--limit")
              .value("ID", "print what an operation says until it ends", "--follow")
              .value("ID", "ask an operation to end", "--cancel")
              .flag("as JSON", "-j", "--json"),
          """
          Work goes on when the command that asked for it was interrupted. --follow exits with
          the operation's code; with -j it prints only the operation as it ended. Times are UTC.

          Examples:
            lamina operations
            lamina operations --follow 17
            lamina operations -n 1 -j
          """,
          Completion.NOTHING);

  private final Operations operations;

  OperationsCommand(Operations operations) {
    this.operations = operations;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    String follow = parsed.get("--follow");
    String cancel = parsed.get("--cancel");
    if (follow != null) {
      return follow(call, parsed, Values.whole("--follow", follow, 1, Long.MAX_VALUE / 10));
    }
    if (cancel != null) {
      return cancel(call, parsed, Values.whole("--cancel", cancel, 1, Long.MAX_VALUE / 10));
    }
    String limit = parsed.get("-n");
    int shown = limit == null ? SHOWN : Values.integer("-n", limit, 1, 10_000);
    List<Operation> latest = operations.latest(shown);
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(latest));
    } else {
      call.out().out(table(latest));
    }
    return ExitCode.OK.code();
  }

  private int follow(Call call, Parsed parsed, long id) {
    try {
      Operation ended = operations.follow(id, call.listener(parsed));
      if (parsed.has("-j")) {
        call.out().outLine(Json.array(List.of(ended)));
      }
      Integer code = ended.exitCode();
      return code == null ? ExitCode.SYSTEM.code() : code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaminaException(ExitCode.SYSTEM, "the daemon is ending", null, e);
    }
  }

  private int cancel(Call call, Parsed parsed, long id) {
    if (!operations.cancel(id)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "operation " + id + " is not running",
          "lamina operations shows those that are.");
    }
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(operations.find(id).stream().toList()));
    } else {
      call.out().outLine("Operation " + id + " was asked to end");
    }
    return ExitCode.OK.code();
  }

  static String table(List<Operation> shown) {
    Columns columns =
        new Columns(">ID", "KIND", "TARGET", "STATE", "STARTED", ">TOOK", ">CODE", "MESSAGE");
    for (Operation o : shown) {
      Instant ended = o.ended();
      columns.row(
          Long.toString(o.id()),
          o.kind(),
          o.target(),
          state(o),
          SECOND.format(o.started()),
          ended == null ? "-" : took(Duration.between(o.started(), ended)),
          o.exitCode() == null ? "-" : o.exitCode().toString(),
          o.message() == null ? "" : o.message());
    }
    return columns.render(true);
  }

  private static String state(Operation o) {
    String word = o.state().name().toLowerCase(Locale.ROOT);
    return o.state() == Operation.State.RUNNING && o.percent() >= 0
        ? word + " " + o.percent() + "%"
        : word;
  }

  private static String took(Duration d) {
    return d.compareTo(Duration.of(1, ChronoUnit.SECONDS)) < 0
        ? d.toMillis() + "ms"
        : d.toSeconds() + "s";
  }
}
