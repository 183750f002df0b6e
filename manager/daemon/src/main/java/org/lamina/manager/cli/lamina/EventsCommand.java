package org.lamina.manager.cli.lamina;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostEvent;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** {@code lamina events}: what happens on the host, as it happens. */
final class EventsCommand implements Command {
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("events"),
          "",
          "print what happens on the host, as it happens",
          new OptionTable()
              .value("N", "end after so many", "-n", "--count")
              .value("PREFIX", "only events whose type begins so: container, template", "--type")
              .flag("each event as one line of JSON", "-j", "--json"),
          """
          Goes on until it is interrupted. Nothing that happened before is told. Times are UTC.

          Examples:
            lamina events --type container
            lamina events -n 1 --type template-published
          """,
          Completion.NOTHING);

  private final Events events;

  EventsCommand(Events events) {
    this.events = events;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    String count = parsed.get("-n");
    long left = count == null ? Long.MAX_VALUE : Values.whole("-n", count, 1, Long.MAX_VALUE / 10);
    String type = parsed.get("--type");
    String prefix = type == null ? "" : type;
    try (Events.Follower follower = events.follow()) {
      while (left > 0 && !call.caller().gone().isDone()) {
        if (follower.ended()) {
          throw new LaminaException(
              ExitCode.SYSTEM, "laminad is ending", "Follow again when it is back.");
        }
        Optional<HostEvent> event =
            follower.next(SLICE).filter(e -> e.type().word().startsWith(prefix));
        if (event.isPresent()) {
          call.out().outLine(parsed.has("-j") ? json(event.get()) : line(event.get()));
          left--;
        }
      }
      return ExitCode.OK.code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaminaException(ExitCode.SYSTEM, "the daemon is ending", null, e);
    }
  }

  private static String line(HostEvent e) {
    return String.format(
            Locale.ROOT,
            "%s  %-22s %s  %s",
            SECOND.format(e.at()),
            e.type().word(),
            Printable.shorten(e.target(), 80),
            Printable.shorten(e.text(), 500))
        .stripTrailing();
  }

  private static String json(HostEvent e) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("at", e.at().toString());
    fields.put("type", e.type().word());
    fields.put("target", e.target());
    fields.put("text", e.text());
    return Json.line(fields);
  }
}
