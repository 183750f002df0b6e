package org.lamina.console.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.Similar;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * A column of container lists.
 *
 * @param word its name, that of vzlist where it has one
 * @param cell what it shows at a moment
 */
record ContainerColumn(
    String word,
    Column column,
    BiFunction<ContainerInfo, Instant, Cell> cell,
    Comparator<ContainerInfo> order) {

  static final List<ContainerColumn> ALL =
      List.of(
          of("ctid", Column.number("CTID"), ContainerInfo::ctid),
          of("name", Column.cut("NAME", 8), ContainerInfo::name),
          shown("status", Column.text("STATUS"), (c, now) -> status(c), ContainerInfo::status),
          of("hostname", Column.cut("HOSTNAME", 8), ContainerInfo::hostname),
          of("template", Column.cut("TEMPLATE", 9), ContainerInfo::template),
          of("generation", Column.number("GEN"), ContainerInfo::generation),
          of("numproc", Column.number("NPROC"), ContainerColumn::processes),
          size("memory", Column.number("MEMORY"), ContainerColumn::memory),
          size("ram", Column.number("RAM"), ContainerColumn::ram),
          size("diskspace", Column.number("DISK"), ContainerColumn::onDisk),
          of("layout", Column.text("LAYOUT"), ContainerColumn::layout),
          shown(
              "cpulimit",
              Column.number("CPULIM"),
              (c, now) -> percent(cpuLimit(c)),
              ContainerColumn::cpuLimit),
          shown(
              "uptime",
              Column.number("UPTIME"),
              ContainerColumn::uptime,
              ContainerColumn::startedLast),
          of("onboot", Column.text("ONBOOT"), c -> yesNo(c.onboot())),
          of("labels", Column.cut("LABELS", 8), ContainerInfo::labelText),
          of("description", Column.cut("DESCRIPTION", 11), ContainerInfo::description));

  static final List<String> USUAL =
      List.of(
          "ctid", "name", "status", "template", "numproc", "memory", "ram", "uptime", "hostname");

  private static <T extends Comparable<? super T>> ContainerColumn of(
      String word, Column column, Function<ContainerInfo, @Nullable T> value) {
    return shown(word, column, (c, now) -> Cell.of(value.apply(c)), value);
  }

  private static ContainerColumn size(
      String word, Column column, Function<ContainerInfo, @Nullable Long> bytes) {
    return shown(word, column, (c, now) -> Cell.of(Human.sizeLimit(bytes.apply(c))), bytes);
  }

  private static <T extends Comparable<? super T>> ContainerColumn shown(
      String word,
      Column column,
      BiFunction<ContainerInfo, Instant, Cell> cell,
      Function<ContainerInfo, @Nullable T> key) {
    return new ContainerColumn(
        word,
        column,
        cell,
        Comparator.comparing(key, Comparator.nullsLast(Comparator.<T>naturalOrder())));
  }

  static List<String> words() {
    return ALL.stream().map(ContainerColumn::word).toList();
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  static ContainerColumn named(String word) {
    return ALL.stream()
        .filter(c -> c.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.BAD_PARAMETER,
                "there is no column " + Printable.shorten(word, 40),
                Similar.to(word, words())
                    .map(w -> "Did you mean " + w + "?")
                    .orElse("Columns are: " + String.join(", ", words()))));
  }

  static Cell status(ContainerInfo c) {
    String operation = c.operation();
    if (operation != null) {
      return Cell.of(c.status() + ", " + operation, Tint.WARN);
    }
    return switch (c.status()) {
      case "running" -> Cell.of(c.ready() ? "running" : "running, booting", Tint.GOOD);
      case "stopped" -> Cell.of("stopped", Tint.FAINT);
      default -> Cell.of(c.status(), Tint.WARN);
    };
  }

  private static @Nullable Long processes(ContainerInfo c) {
    ContainerInfo.Use use = c.usage();
    return use == null ? null : Long.valueOf(use.processes());
  }

  private static @Nullable Long memory(ContainerInfo c) {
    ContainerInfo.Use use = c.usage();
    return use == null ? null : Long.valueOf(use.memory());
  }

  private static @Nullable Long onDisk(ContainerInfo c) {
    ContainerInfo.Disk disk = c.disk();
    return disk == null ? null : disk.used();
  }

  private static @Nullable String layout(ContainerInfo c) {
    ContainerInfo.Disk disk = c.disk();
    return disk == null ? null : disk.layout();
  }

  private static @Nullable Long ram(ContainerInfo c) {
    ContainerInfo.Bounds limits = c.limits();
    return limits == null ? null : limits.ram();
  }

  private static @Nullable Double cpuLimit(ContainerInfo c) {
    ContainerInfo.Bounds limits = c.limits();
    return limits == null ? null : limits.cpuPercent();
  }

  private static Cell percent(@Nullable Double value) {
    return Cell.of(value == null ? null : Human.percent(value));
  }

  private static Cell uptime(ContainerInfo c, Instant now) {
    Instant started = c.startedAt();
    return Cell.of(started == null ? null : Human.duration(Duration.between(started, now)));
  }

  /** What runs longest comes last, as the greatest value does in other columns. */
  private static @Nullable Long startedLast(ContainerInfo c) {
    Instant started = c.startedAt();
    return started == null ? null : Long.valueOf(-started.toEpochMilli());
  }

  static @Nullable String yesNo(@Nullable Boolean value) {
    return value == null ? null : value ? "yes" : "no";
  }
}
