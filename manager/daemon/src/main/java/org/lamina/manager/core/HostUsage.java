package org.lamina.manager.core;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Usage;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

/** What a host has of each resource against what containers use and were promised. Pure. */
public final class HostUsage {
  private HostUsage() {}

  /**
   * What there is. Sizes are bytes.
   *
   * @param memoryFree what could be given to programs without swapping
   * @param cpus logical CPUs
   * @param processes the kernel's limit of process ids
   * @param disk of the file system that containers are on
   */
  public record Capacity(
      long memory,
      long memoryFree,
      long swap,
      long swapFree,
      int cpus,
      long processes,
      long disk,
      long diskFree) {}

  /**
   * One line. Null is unknown, or not counted.
   *
   * @param unit {@code bytes}, {@code percent} of one CPU, or {@code count}
   * @param used by the whole host for memory, swap and disk, by containers for processes
   * @param promised sum of the limits of running containers
   * @param promisedToAll the same with those that do not run
   * @param unlimited running containers without such a limit
   */
  public record Resource(
      String resource,
      String unit,
      long host,
      @Nullable Long used,
      @Nullable Long promised,
      @Nullable Long promisedToAll,
      @Nullable Long unlimited) {}

  /** Every resource, in the order in which it is shown. */
  public static List<Resource> of(Capacity has, List<ContainerView> all) {
    long processes = running(all).map(ContainerView::usage).mapToLong(HostUsage::processes).sum();
    return List.of(
        resource(
            "memory",
            "bytes",
            has.memory(),
            (has.memory() - has.memoryFree()),
            all,
            l -> bytes(l.ram())),
        resource(
            "swap", "bytes", has.swap(), (has.swap() - has.swapFree()), all, l -> bytes(l.swap())),
        resource("cpu", "percent", 100L * has.cpus(), null, all, HostUsage::cpus),
        resource("processes", "count", has.processes(), processes, all, HostUsage::count),
        new Resource("disk", "bytes", has.disk(), (has.disk() - has.diskFree()), null, null, null));
  }

  private static Resource resource(
      String name,
      String unit,
      long host,
      @Nullable Long used,
      List<ContainerView> all,
      Function<Limits, @Nullable Long> limit) {
    return new Resource(
        name,
        unit,
        host,
        used,
        sum(running(all), limit),
        sum(all.stream(), limit),
        running(all).filter(v -> limit.apply(v.container().limits()) == null).count());
  }

  private static Stream<ContainerView> running(List<ContainerView> all) {
    return all.stream().filter(v -> v.status() == ContainerView.Status.RUNNING);
  }

  private static long sum(Stream<ContainerView> views, Function<Limits, @Nullable Long> limit) {
    return views
        .map(v -> limit.apply(v.container().limits()))
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }

  private static long processes(@Nullable Usage usage) {
    return usage == null ? 0 : usage.processes();
  }

  private static @Nullable Long bytes(@Nullable ByteSize size) {
    return size == null || size.unlimited() ? null : Long.valueOf(size.bytes());
  }

  private static @Nullable Long cpus(Limits l) {
    Double percent = l.cpuPercent();
    return percent == null || percent == 0 ? null : Long.valueOf(Math.round(percent));
  }

  private static @Nullable Long count(Limits l) {
    Long most = l.numproc();
    return most == null || most == Long.MAX_VALUE ? null : most;
  }
}
