package org.lamina.agent.cgroup;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.lamina.schema.CpuList;

/**
 * A host of the given disk and memory nodes.
 *
 * @param nodes CPUs of node 0, 1, ...
 */
record TestMachine(Optional<Disk> disk, List<String> nodes) implements Machine {
  static final TestMachine NO_DISK = new TestMachine(Optional.empty(), List.of("0-1"));

  static TestMachine disk(String scheduler) {
    return new TestMachine(Optional.of(new Disk("8:0", "sda", scheduler)), List.of("0-1", "2-3"));
  }

  @Override
  public BitSet cpusOfNode(int node) {
    return node < nodes.size() ? new CpuList(nodes.get(node)).numbers() : new BitSet();
  }
}
