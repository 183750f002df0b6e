package org.lamina.manager.core;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;

/** Which limits make sense, whoever asks for them. Pure. */
final class LimitRules {
  private LimitRules() {}

  /**
   * Limits in normal form.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  static Limits checked(Limits l) {
    within("CPU units", l.cpuUnits(), LimitKeys.MIN_CPU_UNITS, LimitKeys.MAX_CPU_UNITS);
    if (l.cpuPercent() != null && !(l.cpuPercent() >= 0 && l.cpuPercent() <= 1_000_000)) {
      throw bad("CPU limit " + l.cpuPercent() + " is not a percentage of one CPU");
    }
    within("cpus", l.cpus(), 0, LimitKeys.MAX_CPUS);
    within("I/O priority", l.ioPriority(), 0, LimitKeys.MAX_IO_PRIORITY);
    within("memory guarantee", l.guarantee(), 0, 100);
    atLeastOne("numproc", l.numproc());
    atLeastOne("numfile", l.numfile());
    atLeastOne("numpty", l.numpty());
    atLeastOne("I/O operations limit", l.iopsLimit());
    if (l.ioLimit() != null && l.ioLimit().bytes() < LimitKeys.MIN_IO_LIMIT) {
      throw bad("I/O limit " + l.ioLimit().bytes() + " is less than " + LimitKeys.MIN_IO_LIMIT);
    }
    if (l.nodeMask() != null && l.nodeMask().isAuto()) {
      throw bad("a node mask cannot be auto");
    }
    return l.edit().ram(pages(l.ram())).swap(pages(l.swap())).build();
  }

  /**
   * Limits that are to hold at the same time.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  static Limits together(Limits l) {
    CpuList nodes = l.nodeMask();
    if (l.cpuMask() != null && l.cpuMask().isAuto() && (nodes == null || nodes.isAll())) {
      throw bad("the CPU mask auto means the CPUs of a node mask, and there is none");
    }
    return l;
  }

  private static @Nullable ByteSize pages(@Nullable ByteSize size) {
    return size == null ? null : size.toPages();
  }

  private static void within(String what, @Nullable Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      throw bad(what + " " + value + " is not between " + least + " and " + most);
    }
  }

  private static void atLeastOne(String what, @Nullable Long value) {
    if (value != null && value < 1) {
      throw bad(what + " " + value + " is less than 1");
    }
  }

  private static LaminaException bad(String what) {
    return new LaminaException(ExitCode.BAD_PARAMETER, what);
  }
}
