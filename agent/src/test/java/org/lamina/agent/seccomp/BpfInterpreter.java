package org.lamina.agent.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Runs a filter as the kernel does, including what the kernel refuses to load. */
final class BpfInterpreter {
  private BpfInterpreter() {}

  static int run(List<BpfInstruction> program, int arch, int number, long... args) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch).putLong(0x7fff_dead_beefL);
    for (long arg : args) {
      data.putLong(arg);
    }
    int accumulator = 0;
    for (int at = 0; at < program.size(); at++) {
      BpfInstruction instruction = program.get(at);
      int k = instruction.k();
      switch (instruction.code()) {
        case 0x20 -> {
          if (k < 0 || k > 60 || k % 4 != 0) {
            throw new IllegalStateException("the kernel refuses to load " + k);
          }
          accumulator = data.getInt(k);
        }
        case 0x54 -> accumulator &= k;
        case 0x05 -> at += k;
        case 0x15 -> at += accumulator == k ? instruction.jt() : instruction.jf();
        case 0x35 ->
            at +=
                Integer.compareUnsigned(accumulator, k) >= 0 ? instruction.jt() : instruction.jf();
        case 0x06 -> {
          return k;
        }
        default -> throw new IllegalStateException("no such instruction " + instruction);
      }
    }
    throw new IllegalStateException("ran off the end");
  }
}
