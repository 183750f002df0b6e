package org.lamina.console.command;

import java.util.List;
import java.util.stream.Stream;
import org.lamina.console.line.OptionSpec;

/** What {@code vzctl set} changes beside the network, as it spells it. */
final class SetOptions {
  private static final List<String> YES_NO = List.of("yes", "no");

  static final OptionSpec[] LIMITS = {
    OptionSpec.value("--ram", "SIZE", "memory, such as 512M or 2G, or unlimited"),
    OptionSpec.value("--swap", "SIZE", "swap beside the memory"),
    OptionSpec.value("--physpages", "B:L", "memory as 4 KiB pages; L counts"),
    OptionSpec.value("--swappages", "B:L", "swap as 4 KiB pages; L counts"),
    OptionSpec.value("--memguarantee", "PERCENT", "of --ram the host does not take back, or auto"),
    OptionSpec.value("--cpulimit", "PERCENT", "of one CPU: 50, 200; 0 for no limit"),
    OptionSpec.value("--cpuunits", "WEIGHT", "share when CPUs are short, 1000 is usual"),
    OptionSpec.value("--cpus", "N", "CPUs used at once; 0 for all"),
    OptionSpec.value("--cpumask", "LIST", "which CPUs: 0-2,7, all, or auto for --nodemask's"),
    OptionSpec.value("--nodemask", "LIST", "which memory nodes, or all; with --cpumask"),
    OptionSpec.value("--ioprio", "0..7", "weight when the disk is busy, 4 is usual"),
    OptionSpec.value("--iolimit", "RATE", "bytes a second read and written each; 0 for no limit"),
    OptionSpec.value("--iopslimit", "N", "disk operations a second; 0 for no limit"),
    OptionSpec.value("--numproc", "N", "processes and threads, or unlimited"),
    OptionSpec.value("--numfile", "N", "open files of one process, or unlimited"),
    OptionSpec.value("--numpty", "N", "terminals, or unlimited"),
    OptionSpec.value("--diskspace", "SIZE[:SIZE]", "disk, soft and hard limit: 10G"),
    OptionSpec.value("--diskinodes", "N[:N]", "files, soft and hard limit"),
    OptionSpec.value("--quotatime", "SECONDS", "kept, not enforced"),
    OptionSpec.value("--devnodes", "DEVICE:rw|none", "a device of the host inside: net/tun:rw"),
    OptionSpec.value("--devices", "b|c:MAJ:MIN:rw|none", "open a device, without a node"),
    OptionSpec.value("--capability", "NAME:on|off", "at the next start: net_raw:off"),
    OptionSpec.value("--features", "NAME:on|off", "such as fuse, tun, ppp, bridge"),
    OptionSpec.value("--bindmount_add", "[SRC:]DST[,ro...]", "show a path of the host inside"),
    OptionSpec.value("--bindmount_del", "DST|all", "show it no longer"),
    OptionSpec.flag("--reset_ub", "put the saved limits on the running container"),
    OptionSpec.value("--applyconfig", "SAMPLE", "limits from ve-SAMPLE.conf-sample"),
    OptionSpec.value("--applyconfig_map", "SAMPLE", "only name the sample"),
  };

  static final OptionSpec[] SETTINGS = {
    OptionSpec.value("--hostname", "NAME", "host name inside"),
    OptionSpec.value("--userpasswd", "USER:PASSWORD", "password inside; never saved"),
    OptionSpec.value("--name", "NAME", "a name that works wherever the CTID does"),
    OptionSpec.value("--description", "TEXT", "for people"),
    OptionSpec.choice("--onboot", "yes|no", YES_NO, "start with the host"),
    OptionSpec.value("--bootorder", "N", "higher starts first"),
    OptionSpec.choice("--disabled", "yes|no", YES_NO, "refuse to start"),
    OptionSpec.value("--stop-timeout", "SECONDS", "for a clean stop"),
    OptionSpec.value("--label", "KEY=VALUE,...", "for selectors; KEY= takes one away"),
    OptionSpec.choice(
        "--setmode",
        "restart|ignore",
        List.of("restart", "ignore"),
        "what to do about changes that need a restart"),
  };

  /** Counters of OpenVZ that no kernel of today has. */
  static final OptionSpec[] KEPT =
      Stream.of(
              "kmemsize",
              "dcachesize",
              "tcpsndbuf",
              "tcprcvbuf",
              "othersockbuf",
              "dgramrcvbuf",
              "lockedpages",
              "privvmpages",
              "shmpages",
              "vmguarpages",
              "oomguarpages",
              "numtcpsock",
              "numothersock",
              "numflock",
              "numsiginfo",
              "numiptent",
              "avnumproc",
              "vm_overcommit",
              "meminfo")
          .map(name -> OptionSpec.value("--" + name, "B[:L]", "kept, not enforced"))
          .toArray(OptionSpec[]::new);

  static final OptionSpec SAVE = OptionSpec.flag("--save", "keep the change");

  private SetOptions() {}
}
