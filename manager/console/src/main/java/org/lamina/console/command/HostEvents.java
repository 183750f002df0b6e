package org.lamina.console.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.EventStream;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import tools.jackson.databind.JsonNode;

/** {@code events}: what happens on the host, as it happens. */
final class HostEvents extends ConsoleCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final CommandSpec SPEC =
      CommandSpec.of(CommandSpec.Group.OPERATIONS, "events", "follow what happens", "host events")
          .options(
              OptionSpec.choice(
                  "--type",
                  "PREFIX",
                  List.of("container", "template", "operation"),
                  "only events whose type begins so"),
              OptionSpec.value("--count", "N", "end after so many").or("-n"),
              CommandSpec.JSON)
          .notes("Goes on until Ctrl-C. With -j each event is one line of JSON.")
          .examples("events", "events --type container", "events -n 1 --type template -j");

  private final Toolbox tools;
  private final ZoneId zone;

  HostEvents(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
    this.zone = clock.getZone();
  }

  @Override
  protected int run(CommandCall call) {
    String type = call.in().get("--type");
    String prefix = type == null ? "" : type;
    long left = count(call.in().get("--count"));
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicReference<@Nullable EventStream<JsonNode>> current = new AtomicReference<>();
    try (Interrupts.Watch _ = tools.interrupts().during(() -> leave(interrupted, current))) {
      for (boolean again = false; !interrupted.get(); again = true) {
        try (EventStream<JsonNode> events = open(again, interrupted)) {
          current.set(events);
          for (Optional<JsonNode> next = events.next();
              next.isPresent() && !interrupted.get();
              next = events.next()) {
            if (next.get().path("type").asString("").startsWith(prefix)) {
              show(next.get(), call);
              if (--left == 0) {
                return 0;
              }
            }
          }
        }
        if (!interrupted.get()) {
          call.note(Tint.WARN, "laminad went away; what happens until it is back is not shown");
        }
      }
    }
    return 0;
  }

  private static void leave(
      AtomicBoolean interrupted, AtomicReference<@Nullable EventStream<JsonNode>> current) {
    interrupted.set(true);
    EventStream<JsonNode> events = current.get();
    if (events != null) {
      events.close();
    }
  }

  /** A daemon that is about to end refuses, or takes the request and never answers it. */
  private EventStream<JsonNode> open(boolean again, AtomicBoolean interrupted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return tools.daemon().hostEvents();
      } catch (LaminaException e) {
        boolean ending = again && e.exitCode() == ExitCode.SYSTEM;
        if (!ending || interrupted.get() || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }

  private void show(JsonNode event, CommandCall call) {
    if (call.json()) {
      call.line(event.toString());
      return;
    }
    String type = event.path("type").asString("");
    String at = event.path("at").asString("");
    call.line(
        call.screen().paint(Tint.FAINT, time(at))
            + "  "
            + call.screen().paint(tint(type), String.format(Locale.ROOT, "%-22s", clean(type)))
            + clean(event.path("target").asString(""))
            + "  "
            + clean(event.path("text").asString("")));
  }

  private String time(String at) {
    return at.isEmpty() ? "" : SECOND.format(Instant.parse(at).atZone(zone));
  }

  private static Tint tint(String type) {
    return switch (type) {
      case "container-started", "template-published" -> Tint.GOOD;
      case "container-destroyed", "missed" -> Tint.WARN;
      default -> Tint.PLAIN;
    };
  }

  private static String clean(String text) {
    return Printable.shorten(text, 500);
  }

  private static long count(@Nullable String typed) {
    if (typed == null) {
      return Long.MAX_VALUE;
    }
    if (!typed.matches("[1-9][0-9]{0,8}")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad value for --count", "Write a whole number from 1.");
    }
    return Long.parseLong(typed);
  }
}
