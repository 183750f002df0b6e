package org.lamina.console.command;

import java.time.Clock;
import java.util.List;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.TemplateInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import tools.jackson.databind.JsonNode;

/** {@code template list}. */
final class TemplateList extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.TEMPLATES, "template list", "templates, built and not", "templates")
          .options(CommandSpec.JSON)
          .examples("template list");

  private final Daemon daemon;
  private final Clock clock;

  TemplateList(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.clock = clock;
  }

  @Override
  protected int run(CommandCall call) {
    JsonNode answer = daemon.get("/v1/templates");
    if (call.json()) {
      call.print(answer);
    } else {
      call.print(table(daemon.list(answer, TemplateInfo.class), clock));
    }
    return 0;
  }

  static Table table(List<TemplateInfo> templates, Clock clock) {
    Table table =
        new Table(
            Column.text("NAME"),
            Column.text("STATE"),
            Column.number("GEN"),
            Column.text("BUILT"),
            Column.number("SIZE"),
            Column.number("PACKAGES"),
            Column.number("USED BY"),
            Column.cut("SUMMARY", 10));
    for (TemplateInfo t : templates) {
      TemplateInfo.Built built = t.newest();
      table.row(
          Cell.of(t.name()),
          built == null ? Cell.of("not built", Tint.FAINT) : Cell.of("built", Tint.GOOD),
          Cell.of(built == null ? null : built.number()),
          Cell.of(built == null ? null : Human.time(built.created(), clock.getZone())),
          Cell.of(built == null ? null : Human.size(built.bytes())),
          Cell.of(built == null ? null : built.packages()),
          Cell.of(t.usedBy().size()),
          Cell.of(t.summary()));
    }
    return table;
  }
}
