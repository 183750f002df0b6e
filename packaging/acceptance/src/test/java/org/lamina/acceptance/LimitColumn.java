package org.lamina.acceptance;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.lamina.agent.cgroup.Machine.Disk;
import org.lamina.schema.CpuList;

/**
 * What the rows of the table come to on one host. Its columns are of two hosts with few CPUs, a
 * disk that knows weights and all control files; of another one this tells what must hold there.
 * Pure.
 *
 * @param v2 whether all is cgroup v2
 * @param cpus that containers may use
 * @param nodes of memory that containers may use
 * @param cpusOfNode CPUs of a memory node, none if there is no such node
 * @param disk that holds the container's files
 * @param has whether the kernel has a control file
 * @param used bytes of memory that the container cannot let go of
 * @param ctid the container's number, on which depends which of the CPUs it gets
 */
record LimitColumn(
    boolean v2,
    CpuList cpus,
    CpuList nodes,
    IntFunction<BitSet> cpusOfNode,
    Optional<Disk> disk,
    Predicate<String> has,
    long used,
    int ctid) {
  static final LimitColumn RECORDED_V1 = recorded(false, "0-1", "0");
  static final LimitColumn RECORDED_V2 = recorded(true, "0-3", "0-1");

  private static final Set<String> CPUSET = Set.of("--cpus", "--cpumask", "--nodemask");
  private static final String NO_SUCH_CPU = "refused BAD_PARAMETER";
  private static final String IN_USE = "refused UBC_FAILED";
  private static final String UNABLE = "refused NO_KERNEL_SUPPORT";

  private static LimitColumn recorded(boolean v2, String cpus, String nodes) {
    return new LimitColumn(
        v2,
        new CpuList(cpus),
        new CpuList(nodes),
        node -> node > 1 ? new BitSet() : new CpuList(node == 0 ? "0-1" : "2-3").numbers(),
        Optional.of(new Disk("DISK", "sda", "bfq")),
        file -> true,
        0,
        101);
  }

  /** The cell of a row: writes, {@code -} or {@code refused NAME}. */
  String of(LimitRow row) {
    String cell = v2 ? row.v2() : row.v1();
    if (row.saved().startsWith("refused")) {
      return cell;
    }
    if (CPUSET.containsAll(row.options().keySet())) {
      return cpuset(row.options());
    }
    if (cell.startsWith("refused")) {
      return cell;
    }
    Map<String, String> writes = LimitRow.pairs(cell, " ; ");
    String memory = writes.get(v2 ? "memory.max" : "memory.limit_in_bytes");
    if (memory != null && Long.parseLong(memory) < used) {
      return IN_USE;
    }
    String scheduler = disk.map(Disk::scheduler).orElse("none");
    if ((cell.contains(".bfq.") && !scheduler.equals("bfq"))
        || (cell.contains("DISK") && disk.isEmpty())
        || !writes.keySet().stream().allMatch(has)) {
      return UNABLE;
    }
    return cell.replace("DISK", disk.map(Disk::number).orElse(""));
  }

  private String cpuset(Map<String, String> options) {
    String cpuCount = options.getOrDefault("--cpus", "unlimited");
    int count = cpuCount.equals("unlimited") ? 0 : Integer.parseInt(cpuCount);
    CpuList mask = new CpuList(options.getOrDefault("--cpumask", "all"));
    CpuList near = new CpuList(options.getOrDefault("--nodemask", "all"));
    BitSet chosen = cpus.numbers();
    if (mask.isAuto()) {
      BitSet ofNodes = new BitSet();
      near.numbers().stream().forEach(node -> ofNodes.or(cpusOfNode.apply(node)));
      chosen.and(ofNodes);
    } else if (!mask.isAll()) {
      chosen.and(mask.numbers());
    }
    if (chosen.isEmpty() || lacks(cpus, mask) || lacks(nodes, near)) {
      return NO_SUCH_CPU;
    }
    BitSet some = count == 0 ? chosen : CpuList.some(chosen, count, ctid);
    List<String> writes = new ArrayList<>();
    write(writes, "cpuset.cpus", cpus, CpuList.of(some), count > 0 || !mask.isAll());
    write(writes, "cpuset.mems", nodes, near.isAll() ? nodes : near, !near.isAll());
    return writes.isEmpty() ? "-" : String.join(" ; ", writes);
  }

  private static boolean lacks(CpuList host, CpuList wanted) {
    if (wanted.isAll() || wanted.isAuto()) {
      return false;
    }
    BitSet missing = wanted.numbers();
    missing.andNot(host.numbers());
    return !missing.isEmpty();
  }

  /** On v2 an empty list stands for all; on v1 it is spelt out, for the payload as well. */
  private void write(List<String> to, String file, CpuList all, CpuList some, boolean asked) {
    if (v2 && asked) {
      to.add(file + "=" + some);
    } else if (!v2 && !some.equals(all)) {
      Collections.addAll(to, "payload/" + file + "=" + some, file + "=" + some);
    }
  }
}
