package org.lamina.agent.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Device access of a container, denied unless allowed, as an eBPF program for its cgroup. Making a
 * node is not restricted (package managers unpack them); opening it is.
 *
 * @param allowed character devices that may be opened
 */
public record DeviceRules(List<CharacterDevice> allowed) {
  /** Any minor number of a device's major. */
  public static final int ANY = -1;

  /** What every Linux system needs, and terminals of its own: its console is one of those. */
  public static final DeviceRules STANDARD =
      new DeviceRules(
          List.of(
              new CharacterDevice(1, 3), // null
              new CharacterDevice(1, 5), // zero
              new CharacterDevice(1, 7), // full
              new CharacterDevice(1, 8), // random
              new CharacterDevice(1, 9), // urandom
              new CharacterDevice(5, 0), // tty
              new CharacterDevice(5, 2), // ptmx
              new CharacterDevice(136, ANY))); // pts

  /**
   * One device or all of a driver.
   *
   * @param minor {@link #ANY} for all
   */
  public record CharacterDevice(int major, int minor) {}

  private static final int CONTEXT = 1;
  private static final int ACCESS = 2;
  private static final int TYPE = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;

  private static final int BPF_DEVCG_ACC_MKNOD = 1;
  private static final int BPF_DEVCG_DEV_CHAR = 2;

  /** The program, struct bpf_insn in native byte order. Its result 1 allows, 0 denies. */
  public byte[] program() {
    List<Instruction> rules = new ArrayList<>();
    for (CharacterDevice device : allowed) {
      boolean any = device.minor() == ANY;
      rules.add(
          new Instruction(Instruction.JUMP_IF_NOT_EQUAL, MAJOR, 0, any ? 2 : 3, device.major()));
      if (!any) {
        rules.add(new Instruction(Instruction.JUMP_IF_NOT_EQUAL, MINOR, 0, 2, device.minor()));
      }
      rules.addAll(Instruction.verdict(1));
    }
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
    all.add(new Instruction(Instruction.JUMP_IF_EQUAL, TYPE, 0, 2, BPF_DEVCG_DEV_CHAR));
    all.addAll(Instruction.verdict(0));
    all.addAll(rules);
    all.addAll(Instruction.verdict(0));
    return Instruction.encode(all);
  }
}
