package org.lamina.agent.cgroup;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** Memory and swap, in an order in which the kernel takes them. */
record MemoryPlan(Writes writes) {
  void plan(Limits limits) {
    long ram = bytes(limits.ram());
    long swap = bytes(limits.swap());
    int percent = limits.guarantee() == null ? 0 : limits.guarantee();
    boolean guaranteed = percent > 0;
    if (guaranteed && Writes.unlimited(ram)) {
      throw Writes.unsupported(
          LimitOption.GUARANTEE,
          "it is a part of --ram, which is unlimited",
          "Give --ram as well.");
    }
    if (writes.onV2("memory")) {
      v2(ram, swap);
      guarantee(guaranteed ? part(ram, percent) : 0);
    } else if (guaranteed) {
      throw Writes.unsupported(
          LimitOption.GUARANTEE,
          "this host's cgroup v1 cannot protect memory",
          "It needs cgroup v2; --memguarantee auto is possible everywhere.");
    } else {
      v1(ram, swap);
    }
  }

  /** Whole pages; ram * percent may be more than a long holds. */
  private static long part(long ram, int percent) {
    return (ram / 100 * percent + ram % 100 * percent / 100) / 4096 * 4096;
  }

  private static long bytes(@Nullable ByteSize size) {
    return size == null ? Long.MAX_VALUE : size.bytes();
  }

  private void v2(long ram, long swap) {
    String max = Writes.v2(ram);
    writes.set("memory", "memory.max", max, Writes.unlimited(ram), LimitOption.RAM);
    String swapMax = Writes.v2(swap);
    writes.set("memory", "memory.swap.max", swapMax, Writes.unlimited(swap), LimitOption.SWAP);
  }

  /** The kernel protects a cgroup up to what its parents are given, hence the base's share. */
  private void guarantee(long low) {
    boolean parentIsRoot = writes.now("memory", "../../memory.low").isEmpty();
    if (low > 0 && !parentIsRoot && writes.now("memory", "../../memory.low").get().equals("0")) {
      throw Writes.unsupported(
          LimitOption.GUARANTEE,
          "the service that holds the containers is given no protected memory itself",
          "Set MemoryLow= for laminad.service and its slice.");
    }
    long own = Writes.number(writes.now("memory", "memory.low").orElse("0"));
    long all = Writes.number(writes.now("memory", "../memory.low").orElse("0"));
    if (own != low) {
      String share = Writes.v2(Math.max(0, all == Long.MAX_VALUE ? all : all - own + low));
      writes.set("memory", "../memory.low", share, low == 0, LimitOption.GUARANTEE);
    }
    writes.set("memory", "memory.low", Long.toString(low), low == 0, LimitOption.GUARANTEE);
  }

  private void v1(long ram, long swap) {
    if (Writes.unlimited(ram) && !Writes.unlimited(swap)) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "cannot set --swap without --ram: this host's cgroup v1 limits only memory and swap"
              + " together",
          "Give --ram as well.");
    }
    long both = Writes.unlimited(swap) || ram > Long.MAX_VALUE - swap ? Long.MAX_VALUE : ram + swap;
    Runnable memory =
        () ->
            writes.set(
                "memory",
                "memory.limit_in_bytes",
                Writes.v1(ram),
                Writes.unlimited(ram),
                LimitOption.RAM);
    Runnable memsw =
        () ->
            writes.set(
                "memory",
                "memory.memsw.limit_in_bytes",
                Writes.v1(both),
                Writes.unlimited(both),
                LimitOption.SWAP);
    // The kernel keeps memory <= memsw at every moment: the upper bound grows first, shrinks last.
    long bothNow = Writes.number(writes.now("memory", "memory.memsw.limit_in_bytes").orElse("-1"));
    if (both > bothNow) {
      memsw.run();
      memory.run();
    } else {
      memory.run();
      memsw.run();
    }
  }
}
