package org.lamina.manager.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Takes a container down; the caller holds its lock. */
final class ContainerHalt {
  /** Reaping after SIGKILL only takes long when a process hangs in the kernel. */
  private static final Duration AFTER_KILL = Duration.ofSeconds(30);

  /** What is to become of a container that was stopped. */
  enum Then {
    STAY_DOWN,
    /** It is started again right after: the intent stays for the start to replace. */
    START_AGAIN,
    /** It goes down with the host, and comes up with it. */
    COME_UP_WITH_HOST
  }

  private final CoreParts parts;

  ContainerHalt(CoreParts parts) {
    this.parts = parts;
  }

  /**
   * @throws LaminaException CANNOT_STOP
   */
  void stop(Container c, RunningContainer running, boolean fast, Then then, Task task) {
    Ctid ctid = c.ctid();
    parts.store().intend(Intent.of(ctid, Intent.Kind.STOPPING, Intents.stopping(fast, then)));
    task.say("Stopping container ...");
    try {
      end(c, running, fast, task);
      parts.runtime().sweep(ctid);
    } catch (RuntimeException e) {
      // told to the operator, who decides; the next daemon start must not try again by itself
      parts.store().clear(ctid);
      throw e;
    }
    Container stopped = c.withWantsRunning(then == Then.COME_UP_WITH_HOST);
    if (then == Then.START_AGAIN) {
      parts.store().save(stopped);
    } else {
      parts.store().saveAndClear(stopped);
    }
    task.say("Container was stopped");
    task.say("Container is unmounted");
  }

  private void end(Container c, RunningContainer running, boolean fast, Task task) {
    Ctid ctid = c.ctid();
    if (!fast) {
      running.powerOff();
      Duration timeout = parts.stopTimeout(c);
      if (!ended(running, timeout, task.cancelled())) {
        task.warn(
            task.cancelled().isDone()
                ? "the wait for container " + ctid + " to power off was cut short, killing it"
                : "container "
                    + ctid
                    + " did not power off within "
                    + timeout.toSeconds()
                    + " s, killing it");
      }
    }
    if (!running.exit().isDone()) {
      running.kill();
      if (!ended(running, AFTER_KILL, new CompletableFuture<>())) {
        throw new LaminaException(
            ExitCode.CANNOT_STOP,
            "container " + ctid + " could not be stopped: init is still there after SIGKILL",
            "A process may hang in the kernel; see /proc/" + running.initPid() + "/stack.");
      }
    }
  }

  private static boolean ended(
      RunningContainer running, Duration timeout, CompletableFuture<Void> cancelled) {
    try {
      var _ =
          CompletableFuture.anyOf(running.exit(), cancelled)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // the answer is below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return running.exit().isDone();
  }
}
