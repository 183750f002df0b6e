package org.lamina.agent.seccomp;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Capability;

/**
 * Capabilities by name and number, and those that a container without a user namespace keeps. A
 * container with one keeps all: they count inside only.
 */
public final class Capabilities {
  static final List<String> NAMES = Capability.NAMES;

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

  /** Of those, what nothing but the capability itself stands against. */
  private static final Set<String> GRANTABLE =
      Set.of(
          "block_suspend",
          "checkpoint_restore",
          "ipc_lock",
          "mac_admin",
          "mac_override",
          "syslog",
          "wake_alarm");

  /** Without these nobody could make the container's namespaces and drop the others. */
  private static final Set<String> NEEDED = Set.of("sys_admin", "setpcap");

  /**
   * Why a capability cannot be switched, or null if it can.
   *
   * @param privileged the container has no user namespace
   */
  public static @Nullable String refusal(String name, boolean on, boolean privileged) {
    if (!on) {
      return NEEDED.contains(name) ? "a container does not start without it" : null;
    }
    if (!DROPPED.contains(name)) {
      return null;
    }
    if (!privileged) {
      return "it reaches the host, where a user namespace has no say";
    }
    return GRANTABLE.contains(name)
        ? null
        : "the system call filter refuses what it is for to every container";
  }

  /**
   * Numbers of the capabilities a container keeps.
   *
   * @param last highest capability this kernel knows, from {@code /proc/sys/kernel/cap_last_cap}
   * @param changes by name; true adds and false takes away
   */
  public static List<Integer> kept(int last, Map<String, Boolean> changes) {
    return IntStream.rangeClosed(0, Math.min(last, NAMES.size() - 1))
        .filter(number -> {
          String name = NAMES.get(number);
          return changes.getOrDefault(name, !DROPPED.contains(name));
        })
        .boxed()
        .toList();
  }

  /**
   * Numbers of the capabilities a container never has, those of a future kernel included.
   *
   * @param last highest capability this kernel knows
   */
  public static List<Integer> dropped(int last, Map<String, Boolean> changes) {
    List<Integer> kept = kept(last, changes);
    return IntStream.rangeClosed(0, last).filter(n -> !kept.contains(n)).boxed().toList();
  }

  /**
   * The argument of {@code setpriv --bounding-set}. It names what is kept, so that a capability of
   * a future kernel is dropped.
   *
   * @param last highest capability this kernel knows
   */
  public static String boundingSet(int last, Map<String, Boolean> changes) {
    return kept(last, changes).stream()
        .map(number -> "+" + NAMES.get(number))
        .collect(Collectors.joining(",", "-all,", ""));
  }
}
