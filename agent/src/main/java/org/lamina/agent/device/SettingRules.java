package org.lamina.agent.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Kernel settings (sysctl) that a container may write, as an eBPF program for its cgroup: those
 * below {@code net}, which its network namespace has of its own. Without a user namespace root
 * inside is root for the files of /proc/sys, and a read-only mount is only in its way: a second
 * proc is quickly mounted, and core_pattern names a program that the host would run.
 */
public final class SettingRules {
  private static final int CONTEXT = 1;
  private static final int FRAME = 10;

  /** The stack's place for the name's beginning, and its size: {@code net/} and more. */
  private static final int NAME = -8;

  private static final int NAME_BYTES = 8;

  /** bpf_sysctl_get_name, see bpf-helpers(7). */
  private static final int GET_NAME = 101;

  private SettingRules() {}

  /** The program, struct bpf_insn in native byte order. Its result 1 allows, 0 denies. */
  public static byte[] program() {
    List<Instruction> all = new ArrayList<>();
    // struct bpf_sysctl begins with 1 for a write.
    all.add(new Instruction(Instruction.LOAD_WORD, 2, CONTEXT, 0, 0));
    all.add(new Instruction(Instruction.JUMP_IF_NOT_EQUAL, 2, 0, 2, 0));
    all.addAll(Instruction.verdict(1));
    all.add(new Instruction(Instruction.STORE_IMMEDIATE, FRAME, 0, NAME, 0));
    all.add(new Instruction(Instruction.MOVE, 2, FRAME, 0, 0));
    all.add(new Instruction(Instruction.ADD_IMMEDIATE, 2, 0, 0, NAME));
    all.add(new Instruction(Instruction.MOVE_IMMEDIATE, 3, 0, 0, NAME_BYTES));
    all.add(new Instruction(Instruction.MOVE_IMMEDIATE, 4, 0, 0, 0));
    all.add(new Instruction(Instruction.CALL, 0, 0, 0, GET_NAME));
    all.add(new Instruction(Instruction.LOAD_WORD, 2, FRAME, NAME, 0));
    all.add(new Instruction(Instruction.JUMP_IF_NOT_EQUAL, 2, 0, 2, word("net/")));
    all.addAll(Instruction.verdict(1));
    all.addAll(Instruction.verdict(0));
    return Instruction.encode(all);
  }

  private static int word(String four) {
    return ByteBuffer.wrap(four.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.nativeOrder())
        .getInt();
  }
}
