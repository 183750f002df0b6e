package org.lamina.manager.cli.vzctl;

import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;

/** The options of {@code vzctl set}, those of this release and those OpenVZ had beside them. */
final class SetOptions {
  private static final String DISK = "quotas of users inside come with a later one.";
  private static final String MOUNT = "options of the root file system come with a later one.";
  private static final String NETWORK = "it has no counterpart here.";
  private static final String DEVICES = "PCI devices cannot be passed to containers.";
  private static final String FIXED = "the area of a container cannot be moved.";

  static final OptionTable TABLE = KeptOptions.addTo(limits(NetworkOptions.all(new OptionTable())));

  private SetOptions() {}

  private static OptionTable limits(OptionTable table) {
    return table
        .value("SIZE", "memory, such as 512M or 2G, or unlimited", "--ram")
        .value("SIZE", "swap beside the memory", "--swap")
        .value("B:L", "memory as 4 KiB pages; L counts", "--physpages")
        .value("B:L", "swap as 4 KiB pages; L counts", "--swappages")
        .value("PERCENT", "of --ram the host does not take back, or auto", "--memguarantee")
        .value("PERCENT", "of one CPU: 50, 200; 0 for no limit", "--cpulimit")
        .value("WEIGHT", "share when CPUs are short, 8 to 500000, 1000 is usual", "--cpuunits")
        .value("N", "CPUs used at once; 0 for all", "--cpus")
        .value("LIST", "which CPUs: 0-2,7, all, or auto for those of --nodemask", "--cpumask")
        .value("LIST", "which memory nodes, or all; with --cpumask", "--nodemask")
        .value("0..7", "weight when the disk is busy, 4 is usual", "--ioprio")
        .value("RATE", "bytes a second read and written each: 10M; 0 for no limit", "--iolimit")
        .value("N", "disk operations a second; 0 for no limit", "--iopslimit")
        .value("N[:N]", "processes and threads, or unlimited", "--numproc")
        .value("N[:N]", "open files of one process, or unlimited", "--numfile")
        .value("N[:N]", "terminals, or unlimited", "--numpty")
        .value("SIZE[:SIZE]", "disk, soft and hard limit: 10G; needs --save", "--diskspace")
        .value("N[:N]", "files, soft and hard limit; needs --save", "--diskinodes")
        .value("SECONDS", "kept, not enforced; needs --save", "--quotatime")
        .values("DEVICE:r|w|rw|none", "a device of the host inside: net/tun:rw", "--devnodes")
        .values("b|c:MAJOR:MINOR|all:r|w|rw|none", "open a device, without a node", "--devices")
        .values("NAME:on|off", "at the next start; needs --save: net_raw:off", "--capability")
        .values("NAME:on|off", "such as fuse, tun, ppp, bridge", "--features")
        .value(
            "[SRC:]DST[,ro,...]",
            "show a directory or file of the host inside; several in one value with blanks",
            "--bindmount_add")
        .value("DST|all", "show it no longer", "--bindmount_del")
        .flag("put the saved limits on the running container", "--reset_ub")
        .value("SAMPLE", "limits from ve-SAMPLE.conf-sample", Completion.SAMPLE, "--applyconfig")
        .value(
            "SAMPLE", "only name the sample; needs --save", Completion.SAMPLE, "--applyconfig_map")
        .value("NAME", "host name inside", "--hostname")
        .value("USER:PASSWORD", "password of a user inside; never saved", "--userpasswd")
        .value("NAME", "a name that works wherever the CTID does; needs --save", "--name")
        .value("TEXT", "for people; needs --save", "--description")
        .value("yes|no", "start with the host; needs --save", Completion.YES_NO, "--onboot")
        .value("N", "higher starts first; needs --save", "--bootorder")
        .value("yes|no", "refuse to start; needs --save", Completion.YES_NO, "--disabled")
        .value("SECONDS", "for a clean stop, 0 for the default; needs --save", "--stop-timeout")
        .value("KEY=VALUE,...", "for selectors; KEY= takes one away; needs --save", "--label")
        .value("restart|ignore", "what to do about changes that need a restart", "--setmode")
        .flag("keep the change", "--save")
        .later(DISK, "--quotaugidlimit")
        .later("a limit is taken off by --diskspace unlimited.", "--diskquota")
        .later("an image is resized as its use allows.", "--offline-resize")
        .later(MOUNT, "--mount_opts")
        .later(NETWORK, "--ratebound", "--netfilter", "--iptables", "--numnetif")
        .later(DEVICES, "--pci_add", "--pci_del")
        .later(FIXED, "--private", "--root")
        .later("passwords are given as they are.", "--crypted")
        .later("it would not change the container's files.", "--ostemplate")
        .later("a change that cannot be applied is never saved.", "--force");
  }
}
