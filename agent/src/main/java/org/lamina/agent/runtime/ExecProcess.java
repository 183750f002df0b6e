package org.lamina.agent.runtime;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.ProcessCalls;

/**
 * A spawned command; its process group is its own process id, as every spawn starts a session.
 *
 * @param pid the outermost helper, which waits for the command and takes over its exit code
 * @param inside the command's own processes, found when they are asked for; empty if the helper is
 *     to get signals itself
 */
record ExecProcess(
    Kernel kernel,
    int pid,
    CompletableFuture<Integer> exit,
    @Nullable Fd master,
    Supplier<Set<Integer>> inside)
    implements ExecHandle {
  /**
   * The helper must outlive what may be caught: if it died of the signal, the command's last words
   * and exit code would be lost, and one that ignores the signal would never be killed.
   */
  @Override
  public void signal(int number) {
    if (exit.isDone()) {
      return;
    }
    boolean sent = false;
    for (int member : inside.get()) {
      sent |= send(member, number);
    }
    if (!sent || number == ProcessCalls.SIGKILL) {
      sendToGroup(number);
    }
  }

  private boolean send(int member, int number) {
    try (Fd pidfd = kernel.processes().pidfd(member)) {
      kernel.processes().signal(pidfd, number);
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  private void sendToGroup(int number) {
    try {
      kernel.processes().signalGroup(pid, number);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  @Override
  public Optional<Fd> terminal() {
    return Optional.ofNullable(master);
  }
}
