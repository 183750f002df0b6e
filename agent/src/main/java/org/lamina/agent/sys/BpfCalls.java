package org.lamina.agent.sys;

import java.util.List;

/** The use of bpf(2) here: programs that decide for a cgroup what the kernel allows. */
public interface BpfCalls {
  /** Where a program decides. */
  enum Hook {
    /** BPF_PROG_TYPE_CGROUP_DEVICE: making and opening device nodes. */
    DEVICE(15, 6),
    /** BPF_PROG_TYPE_CGROUP_SYSCTL: reading and writing below /proc/sys. */
    SETTING(23, 18);

    private final int programType;
    private final int attachType;

    Hook(int programType, int attachType) {
      this.programType = programType;
      this.attachType = attachType;
    }

    public int programType() {
      return programType;
    }

    public int attachType() {
      return attachType;
    }
  }

  /** Loads a program (struct bpf_insn array in native order) after the kernel's check. */
  Fd load(Hook hook, byte[] program);

  /** Attaches a loaded program to a cgroup2 directory and everything below it. */
  void attach(Hook hook, Fd cgroup, Fd program);

  /** Takes a program off a cgroup2 directory that it was attached to. */
  void detach(Hook hook, Fd cgroup, Fd program);

  /** The programs attached to that very directory, opened; the caller closes. */
  List<Fd> attached(Hook hook, Fd cgroup);
}
