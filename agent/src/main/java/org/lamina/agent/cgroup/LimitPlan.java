package org.lamina.agent.cgroup;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/**
 * What to write, in which order, so that limits hold. Pure: reads current values through a function
 * and writes nothing.
 */
final class LimitPlan {
  private static final long CPU_PERIOD_US = 100_000;
  private static final long CPU_QUOTA_MIN_US = 1_000;
  private static final int CPU_UNITS_DEFAULT = 1_000;
  private static final long PIDS_MAX = 4_194_304;

  private LimitPlan() {}

  /**
   * @param onV2 whether a controller lives on the unified hierarchy
   * @param current what a file says now; empty if the kernel does not have it
   * @param limits all that are to hold; a null one is taken off
   * @param turn the container's number, see {@link org.lamina.schema.CpuList#some}
   * @throws LaminaException NO_KERNEL_SUPPORT if a wanted limit cannot be expressed here,
   *     BAD_PARAMETER if it asks for CPUs or nodes this host does not have
   */
  static List<LimitWrite> plan(
      Predicate<String> onV2,
      Function<Knob, Optional<String>> current,
      Machine machine,
      Limits limits,
      int turn) {
    Writes writes = new Writes(onV2, current);
    // Memory first: shrinking it is what fails most, and then nothing else was touched yet.
    new MemoryPlan(writes).plan(limits);
    cpu(writes, limits.cpuPercent(), limits.cpuUnits());
    new CpusetPlan(writes, machine).plan(limits, turn);
    new IoPlan(writes, machine).plan(limits);
    processes(writes, limits.numproc());
    return writes.all();
  }

  private static void cpu(Writes writes, @Nullable Double percent, @Nullable Integer units) {
    boolean free = percent == null || percent == 0;
    long quota =
        percent == null ? 0 : Math.max(CPU_QUOTA_MIN_US, Math.round(percent / 100 * CPU_PERIOD_US));
    int weight = units == null ? CPU_UNITS_DEFAULT : units;
    boolean usual = weight == CPU_UNITS_DEFAULT;
    if (writes.onV2("cpu")) {
      String max = (free ? "max" : Long.toString(quota)) + " " + CPU_PERIOD_US;
      writes.set("cpu", "cpu.max", max, free, LimitOption.CPULIMIT);
      String share = Writes.clamp(weight / 10, 1, 10_000);
      writes.set("cpu", "cpu.weight", share, usual, LimitOption.CPUUNITS);
    } else {
      String period = Long.toString(CPU_PERIOD_US);
      writes.set("cpu", "cpu.cfs_period_us", period, free, LimitOption.CPULIMIT);
      String max = free ? "-1" : Long.toString(quota);
      writes.set("cpu", "cpu.cfs_quota_us", max, free, LimitOption.CPULIMIT);
      String shares = Writes.clamp(weight * 1024L / 1000, 2, 262_144);
      writes.set("cpu", "cpu.shares", shares, usual, LimitOption.CPUUNITS);
    }
  }

  private static void processes(Writes writes, @Nullable Long numproc) {
    // The kernel refuses numbers above what a whole host can have, which is no limit anyway.
    boolean free = numproc == null || numproc >= PIDS_MAX;
    String max = free ? "max" : String.valueOf(numproc);
    writes.set("pids", "pids.max", max, free, LimitOption.NUMPROC);
  }
}
