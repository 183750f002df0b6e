package org.lamina.console.command;

import java.time.Clock;
import java.util.stream.Collectors;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.TemplateInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Facts;
import org.lamina.console.view.Human;
import org.lamina.console.view.Tint;
import tools.jackson.databind.JsonNode;

/** {@code template info}. */
final class TemplateShow extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.TEMPLATES,
              "template info",
              "everything about one template",
              "template show")
          .operands("NAME", 1, 1, Source.DEFINITIONS)
          .options(CommandSpec.JSON)
          .examples("template info debian-12");

  private final Daemon daemon;
  private final Clock clock;

  TemplateShow(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.clock = clock;
  }

  @Override
  protected int run(CommandCall call) {
    JsonNode answer = daemon.get("/v1/templates/" + Daemon.segment(call.in().operand(0)));
    if (call.json()) {
      call.print(answer);
    } else {
      Facts facts = facts(daemon.read(answer, TemplateInfo.class), clock);
      call.out().print(facts.render(call.screen().colour()));
    }
    return 0;
  }

  static Facts facts(TemplateInfo t, Clock clock) {
    Facts facts =
        new Facts()
            .add("Template", Cell.of(t.name()))
            .add("Summary", Cell.of(t.summary()))
            .add("Release", Cell.of(t.release()))
            .add("Init", Cell.of(t.init()));
    TemplateInfo.Built built = t.newest();
    if (built == null) {
      return facts.add("State", Cell.of("not built", Tint.WARN));
    }
    String users = t.usedBy().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return facts
        .add("State", Cell.of("built", Tint.GOOD))
        .add("Generation", Cell.of(built.number()))
        .add("Built", Cell.of(Human.time(built.created(), clock.getZone())))
        .add("Size", Cell.of(Human.size(built.bytes())))
        .add("Packages", Cell.of(built.packages()))
        .add("Swappable trees", Cell.of(String.join(", ", built.swappableTrees())))
        .add("Directory", Cell.of(built.directory()))
        .add("Used by", Cell.of(users.isEmpty() ? null : users));
  }
}
