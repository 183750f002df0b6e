package org.lamina.agent.seccomp;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Capabilities by name and number, and those that a container without a user namespace keeps. A
 * container with one keeps all: they count inside only.
 */
public final class Capabilities {
  /** Lower case without the {@code cap_} prefix; a name's place is its number. */
  public static final List<String> NAMES =
      List.of(
          "chown",
          "dac_override",
          "dac_read_search",
          "fowner",
          "fsetid",
          "kill",
          "setgid",
          "setuid",
          "setpcap",
          "linux_immutable",
          "net_bind_service",
          "net_broadcast",
          "net_admin",
          "net_raw",
          "ipc_lock",
          "ipc_owner",
          "sys_module",
          "sys_rawio",
          "sys_chroot",
          "sys_ptrace",
          "sys_pacct",
          "sys_admin",
          "sys_boot",
          "sys_nice",
          "sys_resource",
          "sys_time",
          "sys_tty_config",
          "mknod",
          "lease",
          "audit_write",
          "audit_control",
          "setfcap",
          "mac_override",
          "mac_admin",
          "syslog",
          "wake_alarm",
          "block_suspend",
          "audit_read",
          "perfmon",
          "bpf",
          "checkpoint_restore");

  /** What reaches the host's kernel, clock, hardware, policy or logs. */
  private static final Set<String> DROPPED =
      Set.of(
          "audit_control",
          "audit_read",
          "block_suspend",
          "bpf",
          "checkpoint_restore",
          "ipc_lock",
          "mac_admin",
          "mac_override",
          "perfmon",
          "sys_module",
          "sys_pacct",
          "sys_rawio",
          "sys_time",
          "syslog",
          "wake_alarm");

  private Capabilities() {}

  /**
   * Numbers of the capabilities a privileged container keeps.
   *
   * @param last highest capability this kernel knows, from {@code /proc/sys/kernel/cap_last_cap}
   */
  public static List<Integer> keptPrivileged(int last) {
    return IntStream.rangeClosed(0, Math.min(last, NAMES.size() - 1))
        .filter(number -> !DROPPED.contains(NAMES.get(number)))
        .boxed()
        .toList();
  }

  /**
   * Numbers of the capabilities a container never has, those of a future kernel included.
   *
   * @param last highest capability this kernel knows
   */
  public static List<Integer> dropped(int last) {
    List<Integer> kept = keptPrivileged(last);
    return IntStream.rangeClosed(0, last).filter(n -> !kept.contains(n)).boxed().toList();
  }

  /**
   * The argument of {@code setpriv --bounding-set} for a privileged container. It names what is
   * kept, so that a capability of a future kernel is dropped.
   *
   * @param last highest capability this kernel knows
   */
  public static String boundingSet(int last) {
    return keptPrivileged(last).stream()
        .map(number -> "+" + NAMES.get(number))
        .collect(Collectors.joining(",", "-all,", ""));
  }
}
