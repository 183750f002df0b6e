package org.lamina.agent.sys;

import org.lamina.agent.sys.jna.JnaKernel;

/**
 * The narrow seam to Linux: kernel-shaped verbs, each a single system call or C library call. Every
 * verb throws {@link KernelException} with the errno on failure. All are thread safe as far as the
 * calls are; those marked "this thread" change attributes of the calling thread only and belong on
 * a {@link KernelThread}.
 */
public record Kernel(
    FileCalls files,
    MountCalls mounts,
    ProcessCalls processes,
    SocketCalls sockets,
    TerminalCalls terminals,
    BpfCalls bpf,
    DiskCalls disks) {
  /** The kernel this program runs on. */
  public static Kernel linux() {
    return JnaKernel.INSTANCE;
  }
}
