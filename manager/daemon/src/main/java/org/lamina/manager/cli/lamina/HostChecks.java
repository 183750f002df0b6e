package org.lamina.manager.cli.lamina;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.agent.proc.ControlFile;
import org.lamina.manager.cli.lamina.HostCheck.Result;
import org.lamina.schema.ByteSize;

/** Looks at the host through {@code /proc}, {@code /sys} and {@code /usr}; changes nothing. */
final class HostChecks {
  private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+).*", Pattern.DOTALL);
  private static final int IDMAPPED_OVERLAY = 5 * 1000 + 19;
  private static final int MOUNT_BENEATH = 6 * 1000 + 5;
  private static final long LOW_DISK = 2L << 30;

  private HostChecks() {}

  /**
   * @param host the root of the host's file system, for tests
   * @param state where containers are kept
   */
  static List<HostCheck> of(Path host, Path state) {
    return List.of(
        kernel(read(host.resolve("proc/sys/kernel/osrelease"))),
        fileSystem(read(host.resolve("proc/filesystems")), "overlay"),
        namespace(host, "user"),
        namespace(host, "cgroup"),
        cgroups(host),
        setting(host, "proc/sys/fs/inotify/max_user_instances", 1024),
        setting(host, "proc/sys/fs/inotify/max_user_watches", 1_048_576),
        setting(host, "proc/sys/kernel/keys/maxkeys", 2000),
        setting(host, "proc/sys/kernel/pty/max", 4096),
        program(host, "mmdebstrap", "Install it to build templates: apt-get install mmdebstrap"),
        program(
            host,
            "lxcfs",
            "free, top and uptime inside show the host's numbers without it:"
                + " apt-get install lxcfs"),
        program(host, "nft", "Install it to give containers addresses: apt-get install nftables"),
        program(
            host,
            "dnsmasq",
            "lamina network needs it for DHCP and names: apt-get install dnsmasq-base"),
        program(host, "nsenter", "Install it: apt-get install util-linux"),
        disk(state));
  }

  /** Something of the host's that drops what containers send. */
  static HostCheck obstacle(String sentence) {
    int end = sentence.indexOf(';');
    return new HostCheck(
        "forwarding",
        Result.WARNING,
        end < 0 ? sentence : sentence.substring(0, end),
        end < 0 ? "" : sentence.substring(end + 2));
  }

  static HostCheck kernel(String release) {
    Matcher m = VERSION.matcher(release);
    if (!m.matches()) {
      return new HostCheck("kernel", Result.WARNING, release, "The version cannot be read.");
    }
    int version = Integer.parseInt(m.group(1)) * 1000 + Integer.parseInt(m.group(2));
    if (version < IDMAPPED_OVERLAY) {
      return new HostCheck(
          "kernel", Result.MISSING, release, "Overlays of id-mapped layers need Linux 5.19.");
    }
    return version < MOUNT_BENEATH
        ? new HostCheck(
            "kernel", Result.WARNING, release, "Live switching is smoother from Linux 6.5 on.")
        : HostCheck.good("kernel", release);
  }

  private static HostCheck fileSystem(String known, String name) {
    boolean there =
        known.lines().anyMatch(l -> Arrays.asList(l.trim().split("\\s+")).contains(name));
    return there
        ? HostCheck.good(name, "there")
        : new HostCheck(name, Result.MISSING, "not there", "Load it: modprobe " + name);
  }

  private static HostCheck namespace(Path host, String kind) {
    String name = kind + " namespaces";
    return Files.exists(host.resolve("proc/self/ns/" + kind))
        ? HostCheck.good(name, "there")
        : new HostCheck(name, Result.MISSING, "not there", "This kernel was built without them.");
  }

  private static HostCheck cgroups(Path host) {
    String controllers = read(host.resolve("sys/fs/cgroup/cgroup.controllers"));
    if (controllers.contains("memory") && controllers.contains("pids")) {
      return HostCheck.good("cgroups", "version 2");
    }
    if (Files.isDirectory(host.resolve("sys/fs/cgroup/memory"))
        && Files.isDirectory(host.resolve("sys/fs/cgroup/pids"))) {
      return HostCheck.good("cgroups", "version 1");
    }
    return new HostCheck(
        "cgroups",
        Result.MISSING,
        controllers.isEmpty() ? "none" : controllers,
        "The memory and pids controllers are needed.");
  }

  private static HostCheck setting(Path host, String file, long needed) {
    String name = file.substring("proc/sys/".length()).replace('/', '.');
    String found = read(host.resolve(file));
    if (!found.matches("[0-9]{1,18}")) {
      return new HostCheck(name, Result.WARNING, found.isEmpty() ? "not there" : found, "");
    }
    return Long.parseLong(found) >= needed
        ? HostCheck.good(name, found)
        : new HostCheck(
            name,
            Result.WARNING,
            found,
            "Many containers need more: sysctl -w " + name + "=" + needed);
  }

  private static HostCheck program(Path host, String name, String advice) {
    for (String directory : List.of("usr/bin", "usr/sbin", "bin", "sbin")) {
      if (Files.isExecutable(host.resolve(directory).resolve(name))) {
        return HostCheck.good(name, "/" + directory + "/" + name);
      }
    }
    return new HostCheck(name, Result.WARNING, "not there", advice);
  }

  private static HostCheck disk(Path state) {
    try {
      long free = Files.getFileStore(state).getUsableSpace();
      String found = new ByteSize(free).human() + " free";
      return free < LOW_DISK
          ? new HostCheck("disk", Result.WARNING, found, "Make room in " + state + ".")
          : HostCheck.good("disk", found);
    } catch (IOException e) {
      return new HostCheck("disk", Result.WARNING, "unknown", "Cannot look at " + state + ".");
    }
  }

  private static String read(Path file) {
    try {
      return ControlFile.read(file);
    } catch (IOException e) {
      return "";
    }
  }
}
