package org.lamina.console.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Facts;
import org.lamina.console.view.Human;

/** {@code container show}. */
final class ContainerShow extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(CommandSpec.Group.CONTAINERS, "container show", "everything about one", "show")
          .operands("CTID", 1, 1, Source.CONTAINERS)
          .options(CommandSpec.JSON)
          .examples("container show 101", "show web1 -j");

  private final Daemon daemon;
  private final Clock clock;

  ContainerShow(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.clock = clock;
  }

  @Override
  protected int run(CommandCall call) {
    ContainerInfo c = Chosen.one(call.in().operand(0), daemon);
    if (call.json()) {
      call.print(daemon.get(Chosen.path(c)));
    } else {
      call.out().print(facts(c, clock).render(call.screen().colour()));
    }
    return 0;
  }

  static Facts facts(ContainerInfo c, Clock clock) {
    Facts facts =
        new Facts()
            .add("Container", Cell.of(c.title()))
            .add("Status", ContainerColumn.status(c))
            .add("Host name", Cell.of(c.hostname()))
            .add("Description", Cell.of(c.description()))
            .add("Labels", Cell.of(c.labelText()))
            .add("Template", Cell.of(c.template() + ", generation " + c.generation()))
            .add("User ids", Cell.of(ids(c)));
    ContainerInfo.Use use = c.usage();
    Instant started = c.startedAt();
    if (use != null && started != null) {
      facts
          .add("Up for", Cell.of(Human.duration(Duration.between(started, clock.instant()))))
          .add(
              "CPU time",
              Cell.of(Human.duration(Duration.ofMillis((long) (use.cpuSeconds() * 1000)))));
    }
    limits(facts, c);
    return facts
        .add("Starts with host", Cell.of(ContainerColumn.yesNo(c.onboot())))
        .add("Boot order", Cell.of(c.bootOrder()))
        .add("Start disabled", Cell.of(c.disabled() ? "yes" : "no"))
        .add("Stop timeout", Cell.of(seconds(c.stopTimeoutSeconds())))
        .add("Created", Cell.of(time(c.created(), clock.getZone())))
        .add("Private area", Cell.of(c.privateArea()))
        .add("Root", Cell.of(c.root()))
        .add("UUID", Cell.of(c.uuid()));
  }

  private static void limits(Facts facts, ContainerInfo c) {
    ContainerInfo.Bounds limits = c.limits();
    ContainerInfo.Use use = c.usage();
    if (limits == null) {
      return;
    }
    facts
        .add(
            "Memory",
            Cell.of(
                of(use == null ? null : Human.size(use.memory()), Human.sizeLimit(limits.ram()))))
        .add("Swap limit", Cell.of(Human.sizeLimit(limits.swap())))
        .add(
            "Processes",
            Cell.of(
                of(
                    use == null ? null : Long.toString(use.processes()),
                    Human.limit(limits.numproc()))))
        .add("Disk", Cell.of(disk(c.disk())))
        .add("CPU limit", Cell.of(cpu(limits.cpuPercent())))
        .add("CPU units", Cell.of(limits.cpuUnits()));
  }

  private static @Nullable String of(@Nullable String used, @Nullable String limit) {
    if (used == null) {
      return limit == null ? null : "limit " + limit;
    }
    return limit == null ? used + ", no limit of its own" : used + " of " + limit;
  }

  private static @Nullable String disk(ContainerInfo.@Nullable Disk disk) {
    if (disk == null || disk.layout() == null) {
      return null;
    }
    String layout = "layout " + disk.layout();
    Long used = disk.used();
    String space = of(used == null ? null : Human.size(used), Human.sizeLimit(disk.space()));
    return space == null ? layout : space + ", " + layout;
  }

  private static @Nullable String cpu(@Nullable Double percent) {
    return percent == null || percent == 0 ? null : Human.percent(percent) + "% of one CPU";
  }

  private static String ids(ContainerInfo c) {
    return c.privileged()
        ? "the host's own (privileged)"
        : c.idBase() + " to " + (c.idBase() + 65_535) + " on the host";
  }

  private static @Nullable String seconds(@Nullable Integer seconds) {
    return seconds == null ? null : Human.count(seconds, "second");
  }

  private static @Nullable String time(@Nullable Instant when, ZoneId zone) {
    return when == null ? null : Human.time(when, zone);
  }
}
