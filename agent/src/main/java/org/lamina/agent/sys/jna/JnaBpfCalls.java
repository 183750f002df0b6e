package org.lamina.agent.sys.jna;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import org.lamina.agent.sys.BpfCalls;
import org.lamina.agent.sys.Fd;

final class JnaBpfCalls implements BpfCalls {
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_ATTACH = 8;
  private static final int BPF_F_ALLOW_MULTI = 2;
  private static final int INSTRUCTION_BYTES = 8;

  /** union bpf_attr as far as these commands read it; the rest must be zero. */
  private static final int ATTRIBUTE_BYTES = 128;

  @Override
  public Fd load(Hook hook, byte[] program) {
    try (Memory instructions = new Memory(program.length);
        Memory license = LibC.string("Apache-2.0");
        Memory attributes = new Memory(ATTRIBUTE_BYTES)) {
      instructions.write(0, program, 0, program.length);
      attributes.clear();
      attributes.setInt(0, hook.programType());
      attributes.setInt(4, program.length / INSTRUCTION_BYTES);
      attributes.setPointer(8, instructions);
      attributes.setPointer(16, license);
      return LibC.own(bpf("load a cgroup program", BPF_PROG_LOAD, attributes));
    }
  }

  @Override
  public void attach(Hook hook, Fd cgroup, Fd program) {
    try (Memory attributes = new Memory(ATTRIBUTE_BYTES)) {
      attributes.clear();
      attributes.setInt(0, cgroup.number());
      attributes.setInt(4, program.number());
      attributes.setInt(8, hook.attachType());
      attributes.setInt(12, BPF_F_ALLOW_MULTI);
      bpf("attach a cgroup program", BPF_PROG_ATTACH, attributes);
    }
  }

  private static long bpf(String what, int command, Memory attributes) {
    return LibC.call(what, Abi.HOST.bpf(), command, attributes, new NativeLong(ATTRIBUTE_BYTES));
  }
}
