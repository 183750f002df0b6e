package org.lamina.manager.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import org.lamina.agent.ExitCause;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** Brings a container up; the caller holds its lock. */
final class ContainerBoot {
  private static final Logger log = System.getLogger(ContainerBoot.class.getName());

  /** How often a wait looks whether it was cancelled. */
  private static final Duration SLICE = Duration.ofMillis(500);

  private final CoreParts parts;
  private final BeforeStart beforeStart;

  /** What has to be done to a container at rest before it starts; gives it as it starts. */
  @FunctionalInterface
  interface BeforeStart {
    Container prepare(Container c, Listener listener);
  }

  ContainerBoot(CoreParts parts, BeforeStart beforeStart) {
    this.parts = parts;
    this.beforeStart = beforeStart;
  }

  /**
   * @param note kept in the intent, see {@link Intents#AGAIN}
   * @throws LaminaException ALREADY_RUNNING, START_DISABLED, or why it cannot start; nothing of it
   *     is left then
   */
  RunningContainer start(Container asked, boolean force, String note, Listener listener) {
    Ctid ctid = asked.ctid();
    if (parts.isRunning(ctid)) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING, "Container " + ctid + " is already running");
    }
    if (asked.disabled() && !force) {
      throw new LaminaException(
          ExitCode.START_DISABLED,
          "starting container " + ctid + " is disabled",
          "Use --force, or allow it again with: vzctl set " + ctid + " --disabled no --save");
    }
    if (parts.isMounted(ctid)) {
      unmount(ctid, listener);
    }
    new DiskSettings(parts).holdBeforeStart(asked, listener);
    var _ = parts.launchSpec(asked);
    parts.runtime().requireAccess(asked.ids(), asked.access());
    Container c = beforeStart.prepare(asked, listener);
    LaunchSpec spec = parts.launchSpec(c);
    parts.store().intend(Intent.of(ctid, Intent.Kind.STARTING, note));
    listener.say("Starting container...");
    RunningContainer running;
    try {
      clearTheWay(ctid, listener);
      running = parts.withHeadroom(c, () -> parts.runtime().start(spec));
    } catch (RuntimeException e) {
      fallBack(c);
      throw e;
    }
    parts.store().saveAndClear(c.withWantsRunning(true));
    listener.say("Container is mounted");
    tellLimits(c.limits(), listener);
    if (c.network().isConnected()
        || !c.network().interfaces().isEmpty()
        || !c.network().devices().isEmpty()) {
      NetworkTexts.change(NetworkConfig.NONE, c.network()).forEach(listener::say);
      running.networkObstacles().forEach(listener::warn);
    }
    return running;
  }

  /** Waits until init is ready; the container keeps running when it is not in time. */
  void awaitReady(RunningContainer running, Duration timeout, Task task) {
    Instant end = Instant.now().plus(timeout);
    while (true) {
      Duration left = Duration.between(Instant.now(), end);
      if (left.isNegative() || left.isZero()) {
        throw notReady(running, "did not come up within " + timeout.toSeconds() + " s");
      }
      if (running.awaitReady(left.compareTo(SLICE) < 0 ? left : SLICE)) {
        return;
      }
      ExitCause cause = running.exit().getNow(null);
      if (cause != null) {
        throw notReady(running, "ended while it was booting: " + describe(cause));
      }
      if (task.cancelled().isDone()) {
        throw notReady(running, "was left booting: the wait was cancelled");
      }
    }
  }

  private static LaminaException notReady(RunningContainer running, String what) {
    return new LaminaException(
        ExitCode.WAIT_FAILED,
        "Container " + running.ctid() + " " + what,
        "Its console says more: vzctl console " + running.ctid());
  }

  static String describe(ExitCause cause) {
    return switch (cause.kind()) {
      case HALTED -> "it powered off";
      case REBOOT -> "it asked for a reboot";
      case KILLED -> "init was killed";
      case DIED -> "init ended by itself with status " + cause.status();
    };
  }

  /** What a mount for the host or an earlier run left must not share the delta with init. */
  private void clearTheWay(Ctid ctid, Listener listener) {
    if (parts.isMounted(ctid)) {
      unmount(ctid, listener);
    }
    if (parts.runtime().traces().contains(ctid)) {
      parts.runtime().sweep(ctid);
    }
  }

  private void unmount(Ctid ctid, Listener listener) {
    parts.runtime().umount(parts.config().root(ctid));
    listener.say("Container is unmounted");
  }

  private void fallBack(Container c) {
    try {
      parts.runtime().sweep(c.ctid());
      parts.store().saveAndClear(c.withWantsRunning(false));
    } catch (RuntimeException e) {
      log.log(
          Level.WARNING,
          "what is left of container "
              + c.ctid()
              + " could not be swept now; the next start of it or of the daemon will",
          e);
    }
  }

  /** Those limits that {@link #tellLimits} says one by one. */
  static Limits withoutOwnMessage(Limits limits) {
    return limits
        .edit()
        .ram(null)
        .swap(null)
        .guarantee(null)
        .numproc(null)
        .numfile(null)
        .numpty(null)
        .build();
  }

  static void tellLimits(Limits limits, Listener listener) {
    if (limits.cpuUnits() != null) {
      listener.say("Setting CPU units: " + limits.cpuUnits());
    }
    if (limits.cpuPercent() != null) {
      listener.say("Setting CPU limit: " + LimitKeys.percent(limits.cpuPercent()));
    }
    if (limits.cpus() != null) {
      listener.say("Setting CPUs: " + limits.cpus());
    }
    if (limits.cpuMask() != null) {
      listener.say("Setting CPU mask: " + limits.cpuMask());
    }
    if (limits.nodeMask() != null) {
      listener.say("Setting NUMA mask: " + limits.nodeMask());
    }
    if (limits.ioPriority() != null) {
      listener.say("Setting iopriority: " + limits.ioPriority());
    }
    if (limits.ioLimit() != null) {
      listener.say(
          "Setting iolimit: "
              + (limits.ioLimit().unlimited()
                  ? "unlimited"
                  : limits.ioLimit().bytes() + " bytes/sec"));
    }
    if (limits.iopsLimit() != null) {
      listener.say(
          "Setting iopslimit: "
              + (limits.iopsLimit() == Long.MAX_VALUE
                  ? "unlimited"
                  : limits.iopsLimit() + " iops"));
    }
  }
}
