package org.lamina.agent.runtime;

import java.util.List;
import java.util.OptionalInt;

/**
 * Kinds of init, told apart by the program they run, with what makes each power off and reboot.
 * Signal numbers are raw because libc reserves different real-time signals.
 */
enum InitKind {
  /** SIGRTMIN+4 and +5, see systemd(1). */
  SYSTEMD(38, 39, true),
  /** Documented in openrc-init(8). */
  OPENRC(15, 2, false),
  /** busybox init: SIGUSR2 powers off, SIGTERM reboots. */
  BUSYBOX(12, 15, false),
  /** sysvinit has no signal that works without an inittab entry; telinit does. */
  SYSVINIT(0, 0, false),
  /** Something else that was named as init. */
  OTHER(15, 15, false);

  private final int powerOffSignal;
  private final int rebootSignal;
  private final boolean notifies;

  InitKind(int powerOffSignal, int rebootSignal, boolean notifies) {
    this.powerOffSignal = powerOffSignal;
    this.rebootSignal = rebootSignal;
    this.notifies = notifies;
  }

  /**
   * @param executable target of init's {@code /proc/PID/exe} as the host reads it
   */
  static InitKind of(String executable) {
    String name = executable.substring(executable.lastIndexOf('/') + 1);
    return switch (name) {
      case "systemd" -> SYSTEMD;
      case "openrc-init" -> OPENRC;
      case "busybox" -> BUSYBOX;
      case "init" -> SYSVINIT;
      default -> OTHER;
    };
  }

  OptionalInt powerOffSignal() {
    return powerOffSignal == 0 ? OptionalInt.empty() : OptionalInt.of(powerOffSignal);
  }

  OptionalInt rebootSignal() {
    return rebootSignal == 0 ? OptionalInt.empty() : OptionalInt.of(rebootSignal);
  }

  /** The command to run inside where there is no signal; runlevel 0 halts, see init(8). */
  List<String> powerOffCommand() {
    return List.of("/sbin/init", "0");
  }

  List<String> rebootCommand() {
    return List.of("/sbin/init", "6");
  }

  /** True if it sends READY=1 to the notification socket. */
  boolean notifies() {
    return notifies;
  }
}
