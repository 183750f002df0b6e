package org.lamina.agent.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One eBPF instruction, struct bpf_insn; opcodes are those of linux/bpf.h and linux/bpf_common.h.
 */
record Instruction(int code, int target, int source, int offset, int immediate) {
  static final int LOAD_WORD = 0x61;
  static final int STORE_IMMEDIATE = 0x7a;
  static final int MOVE = 0xbf;
  static final int MOVE_IMMEDIATE = 0xb7;
  static final int ADD_IMMEDIATE = 0x07;
  static final int AND_IMMEDIATE = 0x57;
  static final int SHIFT_RIGHT_IMMEDIATE = 0x77;
  static final int JUMP_IF_EQUAL = 0x15;
  static final int JUMP_IF_NOT_EQUAL = 0x55;
  static final int CALL = 0x85;
  static final int EXIT = 0x95;

  /** End of a program of a cgroup: 1 allows, 0 denies. */
  static List<Instruction> verdict(int value) {
    return List.of(
        new Instruction(MOVE_IMMEDIATE, 0, 0, 0, value), new Instruction(EXIT, 0, 0, 0, 0));
  }

  /** In native byte order, as the kernel takes it. */
  static byte[] encode(List<Instruction> instructions) {
    ByteBuffer bytes = ByteBuffer.allocate(instructions.size() * 8).order(ByteOrder.nativeOrder());
    for (Instruction i : instructions) {
      bytes.put((byte) i.code);
      bytes.put((byte) (i.source << 4 | i.target));
      bytes.putShort((short) i.offset);
      bytes.putInt(i.immediate);
    }
    return bytes.array();
  }
}
