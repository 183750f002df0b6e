package org.lamina.agent.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/**
 * What to write, in which order, so that limits hold. Pure: reads current values through a function
 * and writes nothing. A file that says already what is wanted is not written. A file that is
 * missing is an error only if a limit is wanted that needs it.
 */
final class LimitPlan {
  /** What both versions read back for an unlimited number, whatever its unit. */
  private static final long UNLIMITED_FROM = 1L << 62;

  private static final long CPU_PERIOD_US = 100_000;
  private static final long CPU_QUOTA_MIN_US = 1_000;
  private static final int CPU_UNITS_DEFAULT = 1_000;
  private static final long PIDS_MAX = 4_194_304;

  private final Predicate<String> onV2;
  private final Function<Knob, Optional<String>> current;
  private final List<LimitWrite> writes = new ArrayList<>();

  private LimitPlan(Predicate<String> onV2, Function<Knob, Optional<String>> current) {
    this.onV2 = onV2;
    this.current = current;
  }

  /**
   * @param onV2 whether a controller lives on the unified hierarchy
   * @param current what a file says now; empty if the kernel does not have it
   * @throws LaminaException NO_KERNEL_SUPPORT if a wanted limit cannot be expressed here
   */
  static List<LimitWrite> plan(
      Predicate<String> onV2, Function<Knob, Optional<String>> current, Limits limits) {
    LimitPlan plan = new LimitPlan(onV2, current);
    // Memory first: shrinking it is what fails most, and then nothing else was touched yet.
    if (onV2.test("memory")) {
      plan.memoryV2(bytes(limits.ram()), bytes(limits.swap()));
    } else {
      plan.memoryV1(bytes(limits.ram()), bytes(limits.swap()));
    }
    plan.cpu(limits.cpuPercent(), limits.cpuUnits());
    plan.processes(limits.numproc());
    return List.copyOf(plan.writes);
  }

  private static long bytes(@Nullable ByteSize size) {
    return size == null ? Long.MAX_VALUE : size.bytes();
  }

  private void memoryV2(long ram, long swap) {
    set("memory", "memory.max", v2(ram), unlimited(ram), LimitOption.RAM);
    set("memory", "memory.swap.max", v2(swap), unlimited(swap), LimitOption.SWAP);
  }

  private void memoryV1(long ram, long swap) {
    if (unlimited(ram) && !unlimited(swap)) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "cannot set --swap without --ram: this host's cgroup v1 limits only memory and swap"
              + " together",
          "Give --ram as well.");
    }
    long both = unlimited(swap) || ram > Long.MAX_VALUE - swap ? Long.MAX_VALUE : ram + swap;
    Runnable memory =
        () -> set("memory", "memory.limit_in_bytes", v1(ram), unlimited(ram), LimitOption.RAM);
    Runnable memsw =
        () ->
            set(
                "memory",
                "memory.memsw.limit_in_bytes",
                v1(both),
                unlimited(both),
                LimitOption.SWAP);
    // The kernel keeps memory <= memsw at every moment: the upper bound grows first, shrinks last.
    long bothNow =
        number(current.apply(new Knob("memory", "memory.memsw.limit_in_bytes")).orElse("-1"));
    if (both > bothNow) {
      memsw.run();
      memory.run();
    } else {
      memory.run();
      memsw.run();
    }
  }

  private void cpu(@Nullable Double percent, @Nullable Integer units) {
    boolean free = percent == null || percent == 0;
    long quota =
        percent == null ? 0 : Math.max(CPU_QUOTA_MIN_US, Math.round(percent / 100 * CPU_PERIOD_US));
    int weight = units == null ? CPU_UNITS_DEFAULT : units;
    boolean usual = weight == CPU_UNITS_DEFAULT;
    if (onV2.test("cpu")) {
      String max = (free ? "max" : Long.toString(quota)) + " " + CPU_PERIOD_US;
      set("cpu", "cpu.max", max, free, LimitOption.CPULIMIT);
      set("cpu", "cpu.weight", clamp(weight / 10, 1, 10_000), usual, LimitOption.CPUUNITS);
    } else {
      String period = Long.toString(CPU_PERIOD_US);
      set("cpu", "cpu.cfs_period_us", period, free, LimitOption.CPULIMIT);
      String max = free ? "-1" : Long.toString(quota);
      set("cpu", "cpu.cfs_quota_us", max, free, LimitOption.CPULIMIT);
      String shares = clamp(weight * 1024L / 1000, 2, 262_144);
      set("cpu", "cpu.shares", shares, usual, LimitOption.CPUUNITS);
    }
  }

  private void processes(@Nullable Long numproc) {
    // The kernel refuses numbers above what a whole host can have, which is no limit anyway.
    boolean free = numproc == null || numproc >= PIDS_MAX;
    set("pids", "pids.max", free ? "max" : String.valueOf(numproc), free, LimitOption.NUMPROC);
  }

  private void set(String controller, String file, String value, boolean free, LimitOption option) {
    Knob knob = new Knob(controller, file);
    Optional<String> before = current.apply(knob);
    if (before.isEmpty()) {
      if (free) {
        return;
      }
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "cannot set " + option.text() + ": this kernel has no " + file,
          option == LimitOption.SWAP
              ? "Boot the host with swapaccount=1, or leave --swap out."
              : "The " + controller + " controller is switched off or not built in.");
    }
    if (!same(before.get(), value)) {
      writes.add(new LimitWrite(knob, before.get(), value, option));
    }
  }

  private static boolean same(String before, String value) {
    return before.equals(value) || (value.equals("-1") && number(before) == Long.MAX_VALUE);
  }

  /** A number as either version shows it; {@link Long#MAX_VALUE} if it stands for no limit. */
  static long number(String text) {
    if (text.equals("max")) {
      return Long.MAX_VALUE;
    }
    try {
      long number = Long.parseLong(text);
      return number < 0 || number >= UNLIMITED_FROM ? Long.MAX_VALUE : number;
    } catch (NumberFormatException e) {
      // v1 shows an unlimited number of bytes as a value that may not fit.
      return Long.MAX_VALUE;
    }
  }

  private static boolean unlimited(long number) {
    return number >= UNLIMITED_FROM;
  }

  private static String v1(long number) {
    return unlimited(number) ? "-1" : Long.toString(number);
  }

  private static String v2(long number) {
    return unlimited(number) ? "max" : Long.toString(number);
  }

  private static String clamp(long number, long low, long high) {
    return Long.toString(Math.clamp(number, low, high));
  }
}
