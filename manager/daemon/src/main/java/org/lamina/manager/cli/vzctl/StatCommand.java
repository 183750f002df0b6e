package org.lamina.manager.cli.vzctl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Counters;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.StatisticsReport;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;

/** {@code vzctl stat}. */
final class StatCommand implements Command {
  private static final long PAGE = 4096;

  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("stat"),
          "CTID",
          "show what a container uses of its limits",
          new OptionTable()
              .flag("as JSON", "-j", "--json")
              .flag("as a table of resources like /proc/user_beancounters", "--ubc")
              .value("SECONDS", "to measure rates over, 0 to 60; 1 is usual", "--interval"),
          """
          The working set is memory that is in use and not easily given back; the page cache
          beside it is. Limit hits count how often more was asked for than allowed.

          Examples:
            vzctl stat 101
            vzctl stat 101 -j --interval 0
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  StatCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(1, SPEC.title());
    Container c = containers.get(parsed.container(SPEC.title()));
    String seconds = parsed.get("--interval");
    boolean table = parsed.has("--ubc");
    int interval = seconds != null ? Values.integer("--interval", seconds, 0, 60) : table ? 0 : 1;
    RunningContainer running = containers.running(c.ctid());
    StatisticsReport report = measure(c, running, Duration.ofSeconds(interval));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(List.of(report.toMap())));
    } else {
      call.out().out(table ? table(report) : text(report));
    }
    return ExitCode.OK.code();
  }

  private static StatisticsReport measure(
      Container c, RunningContainer running, Duration interval) {
    Limits limits = running.limits().orElse(c.limits());
    long begun = System.nanoTime();
    Statistics first = running.statistics();
    Traffic before = running.traffic().orElse(null);
    if (interval.isZero()) {
      return new StatisticsReport(c, limits, first, first, Duration.ZERO, before, before);
    }
    try {
      Thread.sleep(interval);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaminaException(ExitCode.TIMEOUT, "the measurement was cancelled");
    }
    Statistics last = running.statistics();
    Duration between = Duration.ofNanos(System.nanoTime() - begun);
    return new StatisticsReport(
        c, limits, first, last, between, before, running.traffic().orElse(null));
  }

  /** For people. */
  static String text(StatisticsReport r) {
    List<String> lines = new ArrayList<>();
    Statistics now = r.last();
    Counters counters = now.usage().counters();
    Limits limits = r.limits();
    lines.add("CTID       " + r.container().ctid());
    Double percent = r.cpuPercent();
    lines.add(
        "cpu        "
            + (percent == null ? "" : number(percent) + "% of one CPU, ")
            + number(now.usage().cpu().toMillis() / 1000.0)
            + " s since the start, limit "
            + (limits.cpuPercent() == null || limits.cpuPercent() == 0
                ? "none"
                : LimitKeys.percent(limits.cpuPercent()) + "%")
            + ", throttled "
            + times(now.cpu().throttled()));
    lines.add(
        "memory     working set "
            + size(now.memory().workingSet())
            + ", cache "
            + size(now.memory().cache())
            + ", swap "
            + size(counters.swap())
            + ", peak "
            + size(counters.memoryPeak())
            + " of "
            + size(limits.ram() == null ? Long.MAX_VALUE : limits.ram().bytes()));
    lines.add(
        "           limit hit "
            + times(counters.memoryHits())
            + ", processes killed "
            + count(now.memory().kills()));
    disk(r, lines);
    network(r, lines);
    lines.add(
        "processes  "
            + now.usage().processes()
            + ", peak "
            + count(counters.processesPeak())
            + " of "
            + count(limits.numproc() == null ? Long.valueOf(Long.MAX_VALUE) : limits.numproc())
            + ", refused "
            + times(counters.processesHits()));
    if (!now.pressure().isEmpty()) {
      List<String> waits = new ArrayList<>();
      now.pressure()
          .forEach((resource, p) -> waits.add(resource + " " + number(p.some().ten()) + "%"));
      lines.add("waiting    " + String.join(", ", waits) + " of the last 10 s");
    }
    return String.join("\n", lines) + "\n";
  }

  private static void disk(StatisticsReport r, List<String> lines) {
    Statistics.Disk now = r.last().disk();
    Statistics.Disk before = r.first().disk();
    if (now == null || before == null) {
      return;
    }
    Double read = r.rate(now.readBytes() - before.readBytes());
    Double written = r.rate(now.writtenBytes() - before.writtenBytes());
    lines.add(
        "disk       "
            + (read == null || written == null
                ? ""
                : "reads "
                    + size(Math.round(read))
                    + "/s, writes "
                    + size(Math.round(written))
                    + "/s; ")
            + size(now.readBytes())
            + " read, "
            + size(now.writtenBytes())
            + " written since the start");
  }

  private static void network(StatisticsReport r, List<String> lines) {
    Traffic now = r.lastTraffic();
    if (now == null) {
      return;
    }
    Double received = r.receiveRate();
    Double sent = r.sendRate();
    lines.add(
        "network    "
            + (received == null || sent == null
                ? ""
                : "receives "
                    + size(Math.round(received))
                    + "/s, sends "
                    + size(Math.round(sent))
                    + "/s; ")
            + size(now.receivedBytes())
            + " in "
            + now.receivedPackets()
            + " packets received, "
            + size(now.sentBytes())
            + " in "
            + now.sentPackets()
            + " sent");
  }

  /** Like {@code /proc/user_beancounters}; - is what is not counted. */
  static String table(StatisticsReport r) {
    Counters counters = r.last().usage().counters();
    Limits limits = r.limits();
    Columns columns =
        new Columns("resource", ">held", ">maxheld", ">barrier", ">limit", ">failcnt");
    row(
        columns,
        "physpages",
        pages(r.last().usage().memory()),
        pages(counters.memoryPeak()),
        limits.ram() == null ? null : limits.ram().pages(),
        counters.memoryHits());
    row(
        columns,
        "swappages",
        pages(counters.swap()),
        null,
        limits.swap() == null ? null : limits.swap().pages(),
        null);
    row(
        columns,
        "numproc",
        r.last().usage().processes(),
        counters.processesPeak(),
        limits.numproc(),
        counters.processesHits());
    row(columns, "oomkill", r.last().memory().kills(), null, null, r.last().memory().kills());
    return columns.render(true);
  }

  private static void row(
      Columns columns,
      String name,
      @Nullable Long held,
      @Nullable Long most,
      @Nullable Long limit,
      @Nullable Long failed) {
    columns.row(
        name,
        count(held),
        count(most),
        count(limit == null ? Long.valueOf(Long.MAX_VALUE) : limit),
        count(limit == null ? Long.valueOf(Long.MAX_VALUE) : limit),
        count(failed));
  }

  private static @Nullable Long pages(@Nullable Long bytes) {
    return bytes == null ? null : Long.valueOf((bytes + PAGE - 1) / PAGE);
  }

  private static String size(@Nullable Long bytes) {
    return bytes == null ? "-" : new ByteSize(bytes).human();
  }

  private static String count(@Nullable Long value) {
    return value == null ? "-" : value == Long.MAX_VALUE ? "unlimited" : value.toString();
  }

  private static String times(@Nullable Long value) {
    return value == null ? "-" : value + (value == 1 ? " time" : " times");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
