package org.lamina.agent.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * What containers may not ask of the kernel, as data. Everything else is allowed and subject to the
 * usual permission checks: a full init mounts, unshares, sets its host name and reboots. {@code
 * clone} is not restricted either, because its successor passes flags in memory that no filter
 * sees.
 */
final class SeccompPolicy {
  private static final int AF_NETLINK = 16;
  private static final int NETLINK_AUDIT = 9;
  private static final int MNT_FORCE = 1;
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541C;

  /** Known calls whose callers cope with a refusal. */
  private static final List<String> REFUSED =
      List.of(
          // another kernel, or code in this one
          "kexec_load",
          "kexec_file_load",
          "init_module",
          "finit_module",
          "delete_module",
          "bpf",
          // any file of any container on the same file system, by number
          "open_by_handle_at",
          // the host's devices, clock, swap, accounting and counters
          "iopl",
          "ioperm",
          "swapon",
          "swapoff",
          "acct",
          "quotactl",
          "quotactl_fd",
          "settimeofday",
          "clock_settime",
          "clock_settime64",
          "clock_adjtime",
          "clock_adjtime64",
          "adjtimex",
          "fanotify_init",
          "perf_event_open",
          "lookup_dcookie",
          // emulation of old processors, a rich source of kernel faults
          "modify_ldt",
          "vm86",
          "vm86old");

  /** Calls that are to look as if this kernel did not have them, so that libraries fall back. */
  private static final List<String> MISSING =
      List.of(
          // keyrings are not namespaced: their quota and lifetime are the host's
          "add_key",
          "request_key",
          "keyctl",
          // long gone or never built
          "_sysctl",
          "afs_syscall",
          "bdflush",
          "break",
          "create_module",
          "ftime",
          "get_kernel_syms",
          "getpmsg",
          "gtty",
          "idle",
          "lock",
          "mpx",
          "nfsservctl",
          "prof",
          "profil",
          "putpmsg",
          "query_module",
          "security",
          "sgetmask",
          "ssetmask",
          "stime",
          "stty",
          "sysfs",
          "tuxcall",
          "ulimit",
          "uselib",
          "ustat",
          "vserver");

  private SeccompPolicy() {}

  static List<Denial> denials() {
    List<Denial> denials = new ArrayList<>();
    REFUSED.forEach(name -> denials.add(Denial.of(Denial.EPERM, name)));
    MISSING.forEach(name -> denials.add(Denial.of(Denial.ENOSYS, name)));
    // Forced unmounting aborts requests of file systems the host may share.
    denials.add(Denial.of(Denial.EPERM, "umount2", ArgTest.intHas(1, MNT_FORCE)));
    // Typing into a terminal's input, and into the host's virtual consoles.
    denials.add(Denial.of(Denial.EPERM, "ioctl", ArgTest.intIs(1, TIOCSTI)));
    denials.add(Denial.of(Denial.EPERM, "ioctl", ArgTest.intIs(1, TIOCLINUX)));
    // Audit is not namespaced; login programs take this error for a kernel without it.
    denials.add(
        Denial.of(
            Denial.EAFNOSUPPORT,
            "socket",
            ArgTest.intIs(0, AF_NETLINK),
            ArgTest.intIs(2, NETLINK_AUDIT)));
    return List.copyOf(denials);
  }
}
