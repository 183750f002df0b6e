package org.lamina.console.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import tools.jackson.databind.JsonNode;

/** {@code host usage}: what the host has, what is in use, and what it has promised. */
final class HostUsage extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.HOST,
              "host usage",
              "what the host has, uses and has promised",
              "usage",
              "oversell",
              "host oversell")
          .options(CommandSpec.JSON)
          .notes(
              """
              PROMISED adds up the limits of running containers, TO ALL those of stopped ones too;
              OF HOST is what is promised to running ones, more than 100% is oversold. UNLIMITED
              counts running containers without such a limit, which may take all there is.
              """)
          .examples("host usage", "usage -j");

  private final Daemon daemon;

  HostUsage(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
  }

  @Override
  protected int run(CommandCall call) {
    JsonNode answer = daemon.get("/v1/host/usage");
    if (call.json()) {
      call.print(answer);
    } else {
      call.print(table(answer));
    }
    return 0;
  }

  static Table table(JsonNode resources) {
    Table table =
        new Table(
            Column.text("RESOURCE"),
            Column.number("HOST"),
            Column.number("IN USE"),
            Column.number("PROMISED"),
            Column.number("OF HOST"),
            Column.number("TO ALL"),
            Column.number("UNLIMITED"));
    for (JsonNode r : resources) {
      String unit = r.path("unit").asString("");
      Long host = number(r, "host");
      Long promised = number(r, "promised");
      table.row(
          Cell.of(r.path("resource").asString("")),
          amount(unit, host),
          amount(unit, number(r, "used")),
          amount(unit, promised),
          share(host, promised),
          amount(unit, number(r, "promisedToAll")),
          Cell.of(r.path("unlimited").isNumber() ? r.path("unlimited").asLong() : null));
    }
    return table;
  }

  private static @Nullable Long number(JsonNode resource, String name) {
    JsonNode value = resource.path(name);
    return value.isNumber() ? Long.valueOf(value.asLong()) : null;
  }

  private static Cell amount(String unit, @Nullable Long value) {
    if (value == null) {
      return Cell.of(null);
    }
    return Cell.of(
        switch (unit) {
          case "bytes" -> Human.size(value);
          case "percent" -> String.format(Locale.ROOT, "%.2f", value / 100.0);
          default -> value.toString();
        });
  }

  private static Cell share(@Nullable Long host, @Nullable Long promised) {
    if (host == null || promised == null || host <= 0) {
      return Cell.of(null);
    }
    long percent = Math.round(promised * 100.0 / host);
    return Cell.of(percent + "%", percent > 100 ? Tint.BAD : Tint.PLAIN);
  }
}
