package org.lamina.agent.sys.jna;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.sys.BpfCalls;
import org.lamina.agent.sys.Fd;

final class JnaBpfCalls implements BpfCalls {
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_ATTACH = 8;
  private static final int BPF_PROG_DETACH = 9;
  private static final int BPF_PROG_GET_FD_BY_ID = 13;
  private static final int BPF_PROG_QUERY = 16;
  private static final int BPF_F_ALLOW_MULTI = 2;
  private static final int INSTRUCTION_BYTES = 8;

  /** BPF_CGROUP_MAX_PROGS of the kernel. */
  private static final int MOST_PROGRAMS = 64;

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

  @Override
  public void detach(Hook hook, Fd cgroup, Fd program) {
    try (Memory attributes = new Memory(ATTRIBUTE_BYTES)) {
      attributes.clear();
      attributes.setInt(0, cgroup.number());
      attributes.setInt(4, program.number());
      attributes.setInt(8, hook.attachType());
      bpf("detach a cgroup program", BPF_PROG_DETACH, attributes);
    }
  }

  @Override
  public List<Fd> attached(Hook hook, Fd cgroup) {
    List<Fd> programs = new ArrayList<>();
    try (Memory attributes = new Memory(ATTRIBUTE_BYTES);
        Memory ids = new Memory(MOST_PROGRAMS * 4L)) {
      attributes.clear();
      attributes.setInt(0, cgroup.number());
      attributes.setInt(4, hook.attachType());
      attributes.setPointer(16, ids);
      attributes.setInt(24, MOST_PROGRAMS);
      bpf("list cgroup programs", BPF_PROG_QUERY, attributes);
      for (int i = 0; i < attributes.getInt(24); i++) {
        programs.add(open(ids.getInt(i * 4L)));
      }
      return programs;
    } catch (RuntimeException e) {
      programs.forEach(Fd::close);
      throw e;
    }
  }

  private static Fd open(int id) {
    try (Memory attributes = new Memory(ATTRIBUTE_BYTES)) {
      attributes.clear();
      attributes.setInt(0, id);
      return LibC.own(bpf("open a cgroup program", BPF_PROG_GET_FD_BY_ID, attributes));
    }
  }

  private static long bpf(String what, int command, Memory attributes) {
    return LibC.call(what, Abi.HOST.bpf(), command, attributes, new NativeLong(ATTRIBUTE_BYTES));
  }
}
