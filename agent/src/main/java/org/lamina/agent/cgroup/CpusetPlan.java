package org.lamina.agent.cgroup;

import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.CpuList;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/**
 * CPUs and memory nodes by cpuset. A number of CPUs is kept by choosing that many: what runs inside
 * then counts them right without asking anybody, as {@code nproc} does.
 */
record CpusetPlan(Writes writes, Machine machine) {
  void plan(Limits limits, int turn) {
    CpuList nodes = given(limits.nodeMask());
    Integer cpus = limits.cpus();
    int count = cpus == null ? 0 : cpus;
    boolean masked = given(limits.cpuMask()) != null;
    LimitOption option = masked ? LimitOption.CPUMASK : LimitOption.CPUS;
    if (count > 0 || masked) {
      BitSet mask = cpus(limits.cpuMask(), nodes);
      put("cpuset.cpus", count > 0 ? CpuList.some(mask, count, turn) : mask, false, option);
    } else {
      free("cpuset.cpus", option);
    }
    if (nodes != null) {
      put(
          "cpuset.mems",
          within(nodes.numbers(), "cpuset.mems", LimitOption.NODEMASK),
          false,
          LimitOption.NODEMASK);
    } else {
      free("cpuset.mems", LimitOption.NODEMASK);
    }
  }

  private static @Nullable CpuList given(@Nullable CpuList list) {
    return list == null || list.isAll() ? null : list;
  }

  private BitSet cpus(@Nullable CpuList mask, @Nullable CpuList nodes) {
    BitSet host = host("cpuset.cpus", LimitOption.CPUMASK);
    if (mask == null || mask.isAll()) {
      return host;
    }
    if (!mask.isAuto()) {
      return within(mask.numbers(), "cpuset.cpus", LimitOption.CPUMASK);
    }
    if (nodes == null) {
      return host;
    }
    BitSet near = new BitSet();
    nodes.numbers().stream().forEach(node -> near.or(machine.cpusOfNode(node)));
    near.and(host);
    if (near.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "cannot set --cpumask auto: the nodes " + nodes + " of --nodemask have no CPUs");
    }
    return near;
  }

  private BitSet within(BitSet wanted, String file, LimitOption option) {
    BitSet host = host(file, option);
    BitSet missing = (BitSet) wanted.clone();
    missing.andNot(host);
    if (!missing.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "cannot set "
              + option.text()
              + ": this host has no "
              + CpuList.of(missing)
              + ", only "
              + CpuList.of(host));
    }
    return wanted;
  }

  /** What the cgroup above all containers may use. */
  private BitSet host(String file, LimitOption option) {
    String name = "../" + file + (writes.onV2("cpuset") ? ".effective" : "");
    return writes
        .now("cpuset", name)
        .filter(text -> !text.isEmpty())
        .map(text -> new CpuList(text).numbers())
        .orElseThrow(() ->
            Writes.unsupported(
                option,
                "this kernel has no " + file,
                "The cpuset controller is switched off or not built in."));
  }

  private void free(String file, LimitOption option) {
    if (writes.onV2("cpuset")) {
      writes.set("cpuset", file, "", true, option);
      return;
    }
    Optional<String> host = writes.now("cpuset", "../" + file).filter(text -> !text.isEmpty());
    if (host.isPresent()) {
      put(file, new CpuList(host.get()).numbers(), true, option);
    }
  }

  /**
   * On v1 the payload has a list of its own and must stay within the container's at every moment,
   * so that the outer list first grows to hold both.
   */
  private void put(String file, BitSet wanted, boolean free, LimitOption option) {
    String value = CpuList.of(wanted).text();
    if (writes.onV2("cpuset")) {
      writes.set("cpuset", file, value, free, option);
      return;
    }
    Optional<String> outer = writes.now("cpuset", file);
    Optional<String> inner = writes.now("cpuset", "payload/" + file);
    if (outer.isEmpty() || inner.isEmpty() || outer.get().isEmpty()) {
      writes.set("cpuset", file, value, free, option);
      return;
    }
    BitSet both = new CpuList(outer.get()).numbers();
    both.or(wanted);
    String wide = CpuList.of(both).text();
    if (!outer.get().equals(wide)) {
      writes.add(new Knob("cpuset", file), outer.get(), wide, option);
    }
    if (!inner.get().equals(value)) {
      writes.add(new Knob("cpuset", "payload/" + file), inner.get(), value, option);
    }
    if (!wide.equals(value)) {
      writes.add(new Knob("cpuset", file), wide, value, option);
    }
  }
}
