package org.lamina.agent.device;

import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.DeviceRule;

/**
 * Device access of a container, denied unless allowed, as an eBPF program for its cgroup. Making a
 * node is not restricted (package managers unpack them); opening it is.
 *
 * @param allowed devices that may be opened, each for reading, writing or both
 */
public record DeviceRules(List<DeviceRule> allowed) {
  /** What every Linux system needs, and terminals of its own: its console is one of those. */
  public static final DeviceRules STANDARD =
      new DeviceRules(
          List.of(
              character(1, 3), // null
              character(1, 5), // zero
              character(1, 7), // full
              character(1, 8), // random
              character(1, 9), // urandom
              character(5, 0), // tty
              character(5, 2), // ptmx
              character(136, DeviceRule.ALL))); // pts

  private static final int CONTEXT = 1;
  private static final int ACCESS = 2;
  private static final int TYPE = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;
  private static final int SCRATCH = 0;

  private static final int BPF_DEVCG_ACC_MKNOD = 1;
  private static final int BPF_DEVCG_ACC_READ = 2;
  private static final int BPF_DEVCG_ACC_WRITE = 4;
  private static final int BPF_DEVCG_DEV_BLOCK = 1;
  private static final int BPF_DEVCG_DEV_CHAR = 2;

  public DeviceRules {
    allowed = List.copyOf(allowed);
  }

  private static DeviceRule character(int major, int minor) {
    return new DeviceRule(false, major, minor, true, true);
  }

  /** The standard rules and more. */
  public static DeviceRules standardAnd(List<DeviceRule> more) {
    List<DeviceRule> all = new ArrayList<>(STANDARD.allowed);
    all.addAll(more);
    return new DeviceRules(all);
  }

  /** The program, struct bpf_insn in native byte order. Its result 1 allows, 0 denies. */
  public byte[] program() {
    List<Instruction> all = new ArrayList<>();
    // struct bpf_cgroup_dev_ctx: access << 16 | type, major, minor.
    all.add(new Instruction(Instruction.LOAD_WORD, TYPE, CONTEXT, 0, 0));
    all.add(new Instruction(Instruction.LOAD_WORD, MAJOR, CONTEXT, 4, 0));
    all.add(new Instruction(Instruction.LOAD_WORD, MINOR, CONTEXT, 8, 0));
    all.add(new Instruction(Instruction.MOVE, ACCESS, TYPE, 0, 0));
    all.add(new Instruction(Instruction.SHIFT_RIGHT_IMMEDIATE, ACCESS, 0, 0, 16));
    all.add(new Instruction(Instruction.AND_IMMEDIATE, TYPE, 0, 0, 0xffff));
    all.add(new Instruction(Instruction.JUMP_IF_NOT_EQUAL, ACCESS, 0, 2, BPF_DEVCG_ACC_MKNOD));
    all.addAll(Instruction.verdict(1));
    allowed.forEach(rule -> all.addAll(instructions(rule)));
    all.addAll(Instruction.verdict(0));
    return Instruction.encode(all);
  }

  /** One rule: every test that fails goes on behind it. */
  private static List<Instruction> instructions(DeviceRule rule) {
    List<Instruction> tail = new ArrayList<>();
    int denied = (rule.read() ? 0 : BPF_DEVCG_ACC_READ) | (rule.write() ? 0 : BPF_DEVCG_ACC_WRITE);
    if (denied != 0) {
      tail.add(new Instruction(Instruction.MOVE, SCRATCH, ACCESS, 0, 0));
      tail.add(new Instruction(Instruction.AND_IMMEDIATE, SCRATCH, 0, 0, denied));
      tail.add(new Instruction(Instruction.JUMP_IF_NOT_EQUAL, SCRATCH, 0, 2, 0));
    }
    tail.addAll(Instruction.verdict(1));
    if (rule.minor() != DeviceRule.ALL) {
      tail.addFirst(
          new Instruction(Instruction.JUMP_IF_NOT_EQUAL, MINOR, 0, tail.size(), rule.minor()));
    }
    tail.addFirst(
        new Instruction(Instruction.JUMP_IF_NOT_EQUAL, MAJOR, 0, tail.size(), rule.major()));
    tail.addFirst(
        new Instruction(
            Instruction.JUMP_IF_NOT_EQUAL,
            TYPE,
            0,
            tail.size(),
            rule.block() ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR));
    return tail;
  }
}
