package org.lamina.agent.runtime;

import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;

/** Watches processes to their end and reaps those that are ours. Thread safe. */
final class Processes {
  private static final int SIGNALED_BASE = 128;

  private final Kernel kernel;
  private final EventLoop events;

  Processes(Kernel kernel, EventLoop events) {
    this.kernel = kernel;
    this.events = events;
  }

  /**
   * Completes when the process has ended, with its exit code or 128 + signal, or -1 when it was not
   * our child and only its end can be known.
   */
  CompletableFuture<Integer> watch(int pid) {
    return end(pid).thenApplyAsync(code -> code);
  }

  /**
   * The same for those who wait for it and do nothing else: completed by the event loop itself, so
   * that it comes also while every thread of the common pool waits for something that the caller
   * holds.
   */
  CompletableFuture<Integer> end(int pid) {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Fd pidfd;
    try {
      pidfd = kernel.processes().pidfd(pid);
    } catch (KernelException e) {
      if (e.is(Errno.ESRCH)) {
        ended.complete(-1);
        return ended;
      }
      throw e;
    }
    events.add(
        pidfd,
        () -> {
          int code = reap(pid);
          events.remove(pidfd);
          ended.complete(code);
        });
    return ended;
  }

  private int reap(int pid) {
    try {
      Integer status = kernel.processes().reap(pid);
      return status == null ? -1 : exitCode(status);
    } catch (KernelException e) {
      if (e.is(Errno.ECHILD)) {
        return -1;
      }
      throw e;
    }
  }

  /** What a shell would put in {@code $?} for a wait status; see wait(2). */
  static int exitCode(int waitStatus) {
    int signal = waitStatus & 0x7f;
    return signal == 0 ? (waitStatus >> 8) & 0xff : SIGNALED_BASE + signal;
  }
}
