package org.lamina.console.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Counters;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Column;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * What containers use at a moment.
 *
 * @param nanos moment on a clock like {@link System#nanoTime}
 * @param counters of those that run
 */
record Sample(long nanos, List<ContainerInfo> containers, List<Counters> counters) {
  private static final double HIGH_SHARE = 90;
  private static final double WAITING = 25;

  Sample {
    containers = List.copyOf(containers);
    counters = List.copyOf(counters);
  }

  /** What a view of use can be sorted by. */
  enum Key {
    CPU('c', Comparator.comparingDouble((Use u) -> -u.cpu())),
    MEMORY('m', Comparator.comparingLong((Use u) -> -u.memory())),
    NUMPROC('p', Comparator.comparingLong((Use u) -> -u.processes())),
    CTID('i', Comparator.comparingInt((Use u) -> u.container().ctid()));

    private final char letter;

    // comparators of JDK lambdas hold nothing that changes
    @SuppressWarnings("ImmutableEnumChecker")
    private final Comparator<Use> order;

    Key(char letter, Comparator<Use> order) {
      this.letter = letter;
      this.order = order;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
      return Arrays.stream(values()).map(Key::word).toList();
    }

    /** The key of a letter that was pressed. */
    static Optional<Key> pressed(int letter) {
      for (Key key : values()) {
        if (key.letter == letter) {
          return Optional.of(key);
        }
      }
      return Optional.empty();
    }

    /**
     * @throws LaminaException BAD_PARAMETER
     */
    static Key named(@Nullable String word) {
      if (word == null) {
        return CPU;
      }
      for (Key key : values()) {
        if (key.word().equals(word)) {
          return key;
        }
      }
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad value for --sort: " + word,
          "Write cpu, memory, numproc or ctid.");
    }
  }

  /**
   * A container's use.
   *
   * @param cpu percent of one CPU
   * @param share percent of its memory limit, negative without one
   * @param received bytes a second, negative without an address
   * @param sent likewise
   * @param read bytes a second from disks, negative where they are not counted
   * @param written likewise
   * @param counters null where it has just ended
   */
  record Use(
      ContainerInfo container,
      double cpu,
      long memory,
      double share,
      long processes,
      double received,
      double sent,
      double read,
      double written,
      @Nullable Counters counters) {}

  /** Use of those that run, over the time between two samples. */
  List<Use> since(Sample before, Key key) {
    Map<Integer, Double> cpuBefore = new HashMap<>();
    Map<Integer, ContainerInfo.Traffic> trafficBefore = new HashMap<>();
    Map<Integer, Counters.Disk> diskBefore = before.disks();
    Map<Integer, Counters> now = new HashMap<>();
    counters.forEach(one -> now.put(one.ctid(), one));
    for (ContainerInfo c : before.containers) {
      ContainerInfo.Use use = c.usage();
      if (use != null) {
        cpuBefore.put(c.ctid(), use.cpuSeconds());
      }
      ContainerInfo.Traffic traffic = traffic(c);
      if (traffic != null) {
        trafficBefore.put(c.ctid(), traffic);
      }
    }
    double seconds = (nanos - before.nanos) / 1e9;
    List<Use> uses = new ArrayList<>();
    for (ContainerInfo c : containers) {
      ContainerInfo.Use use = c.usage();
      if (use != null) {
        double spent = use.cpuSeconds() - cpuBefore.getOrDefault(c.ctid(), use.cpuSeconds());
        // a container that was restarted in between counts from nothing
        double cpu = seconds <= 0 ? 0 : Math.max(0, spent) * 100 / seconds;
        ContainerInfo.Traffic was = trafficBefore.get(c.ctid());
        Counters counted = now.get(c.ctid());
        Counters.Disk disk = counted == null ? null : counted.disk();
        Counters.Disk diskWas = diskBefore.get(c.ctid());
        uses.add(
            new Use(
                c,
                cpu,
                use.memory(),
                share(c, use),
                use.processes(),
                rate(was, traffic(c), ContainerInfo.Traffic::receivedBytes, seconds),
                rate(was, traffic(c), ContainerInfo.Traffic::sentBytes, seconds),
                rate(diskWas, disk, Counters.Disk::read, seconds),
                rate(diskWas, disk, Counters.Disk::written, seconds),
                counted));
      }
    }
    uses.sort(key.order.thenComparing(Key.CTID.order));
    return uses;
  }

  private static ContainerInfo.@Nullable Traffic traffic(ContainerInfo c) {
    ContainerInfo.Net network = c.network();
    return network == null ? null : network.traffic();
  }

  private Map<Integer, Counters.Disk> disks() {
    Map<Integer, Counters.Disk> disks = new HashMap<>();
    for (Counters one : counters) {
      if (one.disk() != null) {
        disks.put(one.ctid(), one.disk());
      }
    }
    return disks;
  }

  /** Bytes a second; negative where one of the samples has none. */
  private static <T> double rate(
      @Nullable T was, @Nullable T is, ToLongFunction<T> bytes, double seconds) {
    if (was == null || is == null || seconds <= 0) {
      return -1;
    }
    // What was made anew in between counts from nothing.
    return Math.max(0, bytes.applyAsLong(is) - bytes.applyAsLong(was)) / seconds;
  }

  private static double share(ContainerInfo c, ContainerInfo.Use use) {
    ContainerInfo.Bounds limits = c.limits();
    Long ram = limits == null ? null : limits.ram();
    return ram == null || ram <= 0 ? -1 : use.memory() * 100.0 / ram;
  }

  static Table table(List<Use> uses) {
    Table table =
        new Table(
            Column.number("CTID"),
            Column.cut("NAME", 8),
            Column.number("CPU%"),
            Column.number("MEMORY"),
            Column.number("OF RAM"),
            Column.number("NPROC"),
            Column.number("NETIN/s"),
            Column.number("NETOUT/s"),
            Column.number("READ/s"),
            Column.number("WRITE/s"),
            Column.number("WAIT%"),
            Column.number("KILLED"),
            Column.number("CACHE"),
            Column.number("SWAP"),
            Column.cut("HOSTNAME", 8));
    for (Use u : uses) {
      Tint full = u.share() >= HIGH_SHARE ? Tint.BAD : Tint.PLAIN;
      Counters.Memory memory = u.counters() == null ? null : u.counters().memory();
      Long killed = memory == null ? null : memory.killed();
      Double waiting = u.counters() == null ? null : u.counters().waiting();
      table.row(
          Cell.of(u.container().ctid()),
          Cell.of(u.container().name()),
          Cell.of(String.format(Locale.ROOT, "%.1f", u.cpu())),
          Cell.of(Human.size(u.memory())),
          u.share() < 0 ? Cell.of(null) : Cell.of(Math.round(u.share()) + "%", full),
          Cell.of(u.processes()),
          rate(u.received()),
          rate(u.sent()),
          rate(u.read()),
          rate(u.written()),
          waiting == null
              ? Cell.of(null)
              : Cell.of(
                  Long.toString(Math.round(waiting)), waiting >= WAITING ? Tint.WARN : Tint.PLAIN),
          killed == null
              ? Cell.of(null)
              : Cell.of(killed.toString(), killed > 0 ? Tint.BAD : Tint.PLAIN),
          memory == null ? Cell.of(null) : Cell.of(Human.size(memory.cache())),
          memory == null || memory.swap() == null
              ? Cell.of(null)
              : Cell.of(Human.size(memory.swap())),
          Cell.of(u.container().hostname()));
    }
    return table;
  }

  private static Cell rate(double bytes) {
    return Cell.of(bytes < 0 ? null : Human.size(Math.round(bytes)));
  }
}
