package org.lamina.agent.mount;

import static org.lamina.agent.sys.MountCalls.NO_DEV;
import static org.lamina.agent.sys.MountCalls.NO_EXEC;
import static org.lamina.agent.sys.MountCalls.NO_SUID;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.MountCalls.Option;

/**
 * What a container finds under /proc, /sys, /dev and /run, as data. Follows systemd's container
 * interface (systemd.io/CONTAINER_INTERFACE) and what system containers commonly restrict.
 */
final class ApiFileSystems {
  static final int NO_SUID_DEV_EXEC = NO_SUID | NO_DEV | NO_EXEC;

  /** Host device nodes bound into /dev; making nodes is denied in a user namespace. */
  static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

  static final Map<String, String> DEVICE_LINKS =
      Map.of(
          "fd", "/proc/self/fd",
          "stdin", "/proc/self/fd/0",
          "stdout", "/proc/self/fd/1",
          "stderr", "/proc/self/fd/2",
          "core", "/proc/kcore",
          "ptmx", "pts/ptmx");

  /** Below /proc: covered by an unreadable file. */
  static final List<String> PROC_MASKED =
      List.of("kcore", "kallsyms", "keys", "sysrq-trigger", "timer_list", "sched_debug");

  /** Below /proc: bound on themselves read-only. */
  static final List<String> PROC_READ_ONLY =
      List.of("acpi", "apm", "asound", "bus", "fs", "irq", "scsi");

  /** Below /sys: kernel interfaces that would make mount units inside fail; covered by nothing. */
  static final List<String> SYS_COVERED =
      List.of(
          "kernel/debug",
          "kernel/tracing",
          "kernel/config",
          "kernel/security",
          "fs/pstore",
          "fs/bpf",
          "fs/fuse/connections",
          "firmware");

  /** The hierarchy without controllers that systemd keeps its services apart in. */
  static final List<Option> CGROUP_SYSTEMD =
      List.of(new Option("none", null), new Option("name", "systemd"));

  /** NR_UNIX98_PTY_MAX: the kernel's own upper bound. */
  private static final long MAX_TERMINALS = 1 << 20;

  private ApiFileSystems() {}

  /**
   * Options of a tmpfs owned by the container's root.
   *
   * @param size as in tmpfs(5): bytes with suffix, or percent of memory
   */
  static List<Option> tmpfs(int root, String mode, String size, int inodes) {
    return List.of(
        new Option("mode", mode),
        new Option("size", size),
        new Option("nr_inodes", Integer.toString(inodes)),
        new Option("uid", Integer.toString(root)),
        new Option("gid", Integer.toString(root)));
  }

  /**
   * Options of the container's own devpts instance; gid 5 is tty on every distribution.
   *
   * @param terminals how many there may be, null for any number
   */
  static List<Option> devpts(int root, @Nullable Long terminals) {
    // The console is one of them and not counted.
    long most = terminals == null ? MAX_TERMINALS : Math.min(terminals, MAX_TERMINALS - 1) + 1;
    return List.of(
        new Option("max", Long.toString(most)),
        new Option("newinstance", null),
        new Option("ptmxmode", "0666"),
        new Option("mode", "0620"),
        new Option("gid", Integer.toString(root + 5)));
  }
}
