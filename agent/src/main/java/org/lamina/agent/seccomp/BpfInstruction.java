package org.lamina.agent.seccomp;

/**
 * One instruction of classic BPF.
 *
 * @param code operation
 * @param jt instructions to skip if a comparison holds, 0..255
 * @param jf instructions to skip if it does not, 0..255
 * @param k operand
 */
public record BpfInstruction(int code, int jt, int jf, int k) {
  static final int LOAD = 0x20;
  static final int AND = 0x54;
  static final int JUMP = 0x05;
  static final int JUMP_EQUAL = 0x15;
  static final int JUMP_GREATER_EQUAL = 0x35;
  static final int RETURN = 0x06;

  public BpfInstruction {
    if (jt < 0 || jt > 255 || jf < 0 || jf > 255) {
      throw new IllegalArgumentException("jump too far: " + jt + ", " + jf);
    }
  }

  /** Loads 4 bytes of {@code struct seccomp_data}. */
  static BpfInstruction load(int offset) {
    return new BpfInstruction(LOAD, 0, 0, offset);
  }

  static BpfInstruction and(int mask) {
    return new BpfInstruction(AND, 0, 0, mask);
  }

  static BpfInstruction jump(int over) {
    return new BpfInstruction(JUMP, 0, 0, over);
  }

  static BpfInstruction ifEqual(int k, int jt, int jf) {
    return new BpfInstruction(JUMP_EQUAL, jt, jf, k);
  }

  /** Compares without sign. */
  static BpfInstruction ifAtLeast(int k, int jt, int jf) {
    return new BpfInstruction(JUMP_GREATER_EQUAL, jt, jf, k);
  }

  static BpfInstruction give(int action) {
    return new BpfInstruction(RETURN, 0, 0, action);
  }
}
