package org.lamina.manager.cli.lamina;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

/**
 * What the limits of containers add up to, beside what the host has.
 *
 * @param host what there is
 * @param all promised to all containers that have a limit
 * @param running promised to those of them that run
 * @param unlimited running containers without a limit, which may take everything
 */
record Promises(String resource, long host, long all, long running, long unlimited) {
  /**
   * @param memory bytes
   * @param swap bytes
   * @param cpus how many
   */
  record Host(long memory, long swap, int cpus) {}

  static List<Promises> of(Host host, List<ContainerView> containers) {
    return List.of(
        sum("memory", host.memory(), containers, l -> bytes(l.ram())),
        sum("swap", host.swap(), containers, l -> bytes(l.swap())),
        sum("cpu", host.cpus() * 100L, containers, Promises::percent));
  }

  /** Percent of the host that is promised to running containers; null of nothing. */
  @Nullable Long level() {
    return host == 0 ? null : Long.valueOf(Math.round(100.0 * running / host));
  }

  private static @Nullable Long bytes(@Nullable ByteSize size) {
    return size == null || size.unlimited() ? null : size.bytes();
  }

  /** The lesser of the CPU limit and the number of CPUs. */
  private static @Nullable Long percent(Limits l) {
    Double percent = l.cpuPercent();
    Integer cpus = l.cpus();
    long limit = percent == null || percent == 0 ? Long.MAX_VALUE : Math.round(percent);
    long most = cpus == null || cpus == 0 ? Long.MAX_VALUE : cpus * 100L;
    long least = Math.min(limit, most);
    return least == Long.MAX_VALUE ? null : Long.valueOf(least);
  }

  private static Promises sum(
      String resource,
      long host,
      List<ContainerView> containers,
      Function<Limits, @Nullable Long> limit) {
    long all = 0;
    long running = 0;
    long unlimited = 0;
    for (ContainerView view : containers) {
      Long promised = limit.apply(view.container().limits());
      boolean runs = view.status() == ContainerView.Status.RUNNING;
      if (promised == null) {
        unlimited += runs ? 1 : 0;
      } else {
        all = all > Long.MAX_VALUE - promised ? Long.MAX_VALUE : all + promised;
        running =
            !runs
                ? running
                : running > Long.MAX_VALUE - promised ? Long.MAX_VALUE : running + promised;
      }
    }
    return new Promises(resource, host, all, running, unlimited);
  }
}
