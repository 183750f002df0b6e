package org.lamina.agent.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.agent.sys.ProcessCalls.ResourceLimit;

/**
 * The number of files each process of a container may have open. The kernel counts by process, and
 * what is started later inherits; without a user namespace root inside may raise it again.
 */
record OpenFiles(ProcessCalls calls) {
  /** What the helper scripts give to init and to commands if they may, see {@code waiter}. */
  private static final long USUAL = 524_288;

  private static final int SELF = 0;
  private static final int ROUNDS = 20;

  /** The hard limit for a setting: never more than this program has itself. */
  long most(@Nullable Long numfile) {
    long usual = Math.min(USUAL, calls.openFiles(SELF).hard());
    return numfile == null ? usual : Math.min(numfile, usual);
  }

  /** Sets the hard limit; the soft one follows where it was as high or is higher. */
  void limit(int pid, long hard) {
    ResourceLimit now = calls.openFiles(pid);
    if (now.hard() == hard) {
      return;
    }
    boolean raised = now.soft() == now.hard() && now.soft() < hard;
    calls.limitOpenFiles(pid, new ResourceLimit(raised ? hard : Math.min(now.soft(), hard), hard));
  }

  /** Every process, also those that others start while this works. */
  void limitAll(Supplier<Set<Integer>> processes, long hard) {
    Set<Integer> done = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Set<Integer> left = new HashSet<>(processes.get());
      left.removeAll(done);
      if (left.isEmpty()) {
        return;
      }
      for (int pid : left) {
        try {
          limit(pid, hard);
        } catch (KernelException e) {
          if (!e.is(Errno.ESRCH)) {
            throw e;
          }
        }
        done.add(pid);
      }
    }
  }
}
