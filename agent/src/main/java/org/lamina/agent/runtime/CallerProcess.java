package org.lamina.agent.runtime;

import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * A local process that called the daemon and lends it descriptors, see pidfd_getfd(2). Whoever uses
 * it must check that {@link #ownerUid} is the peer's.
 */
public final class CallerProcess implements AutoCloseable {
  private final Kernel kernel;
  private final int pid;
  private final Fd pidfd;
  private final int ownerUid;
  private final CompletableFuture<Void> gone;

  CallerProcess(Kernel kernel, Processes processes, int pid) {
    this.kernel = kernel;
    this.pid = pid;
    try {
      this.pidfd = kernel.processes().pidfd(pid);
      try (Fd proc = kernel.files().open("/proc/" + pid, FileCalls.O_RDONLY, 0)) {
        this.ownerUid = kernel.files().stat(proc).uid();
      }
      // Still alive after the look at /proc: the id was not taken over by another process.
      kernel.processes().signal(pidfd, 0);
    } catch (KernelException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "the calling process " + pid + " is gone", null, e);
    }
    this.gone = processes.watch(pid).thenApply(code -> null);
  }

  /** User id that owns the process. */
  public int ownerUid() {
    return ownerUid;
  }

  /** A duplicate of one of its descriptors; the caller of this method closes it. */
  public Fd take(int number) {
    try {
      return kernel.processes().takeDescriptor(pidfd, number);
    } catch (KernelException e) {
      String why = e.is(Errno.EBADF) ? "it has no such descriptor" : e.getMessage();
      throw new LaminaException(
          ExitCode.SYSTEM,
          "cannot take over descriptor " + number + " of process " + pid + ": " + why,
          null,
          e);
    }
  }

  /** Completes when the process has ended. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  @Override
  public void close() {
    pidfd.close();
  }
}
