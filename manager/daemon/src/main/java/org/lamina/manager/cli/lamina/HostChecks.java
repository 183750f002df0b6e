package org.lamina.manager.cli.lamina;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.lamina.agent.HostFeature;
import org.lamina.agent.proc.ControlFile;
import org.lamina.manager.cli.lamina.HostCheck.Result;
import org.lamina.schema.ByteSize;

/** Looks at the host through {@code /proc}, {@code /sys} and {@code /usr}; changes nothing. */
final class HostChecks {
  private static final long LOW_DISK = 2L << 30;

  private HostChecks() {}

  /**
   * @param host the root of the host's file system, for tests
   * @param state where containers are kept
   */
  static List<HostCheck> of(Path host, Path state) {
    return List.of(
        kernel(read(host.resolve("proc/sys/kernel/osrelease"))),
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
            "dnf",
            "Install it to build templates of the CentOS family: apt-get install dnf rpm"),
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
        program(
            host,
            "mkfs.ext4",
            "Disk limits need it where the file system has no quotas: apt-get install e2fsprogs"),
        program(host, "nsenter", "Install it: apt-get install util-linux"),
        disk(state));
  }

  /**
   * Whether a container's users, who are nobody on the host, can get there.
   *
   * @param key of {@code lamina.conf}
   */
  static HostCheck reachable(String key, Path directory) {
    for (Path at = directory; at != null; at = at.getParent()) {
      try {
        if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return new HostCheck(
              key,
              Result.MISSING,
              directory + " is out of containers' reach",
              "They start by way of it: chmod o+x " + at + ", or name another in lamina.conf.");
        }
      } catch (IOException e) {
        return new HostCheck(key, Result.WARNING, "unknown", "Cannot look at " + at + ".");
      }
    }
    return HostCheck.good(key, directory.toString());
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

  /** What was tried is told beside it; the version is for people. */
  static HostCheck kernel(String release) {
    return release.isEmpty()
        ? new HostCheck("kernel", Result.WARNING, "unknown", "/proc is not mounted.")
        : HostCheck.good("kernel", release);
  }

  /** What a trial of the agent showed. */
  static HostCheck feature(HostFeature feature) {
    Result result =
        switch (feature.verdict()) {
          case GOOD -> Result.OK;
          case LACKING -> Result.WARNING;
          case VITAL -> Result.MISSING;
        };
    return new HostCheck(feature.name(), result, feature.found(), feature.advice());
  }

  private static HostCheck namespace(Path host, String kind) {
    String name = kind + " namespaces";
    return Files.exists(host.resolve("proc/self/ns/" + kind))
        ? HostCheck.good(name, "there")
        : new HostCheck(name, Result.MISSING, "not there", "This kernel was built without them.");
  }

  /** Which layout; the controllers are the agent's business. */
  private static HostCheck cgroups(Path host) {
    boolean unified = Files.exists(host.resolve("sys/fs/cgroup/cgroup.controllers"));
    boolean divided = Files.isDirectory(host.resolve("sys/fs/cgroup/memory"));
    return unified || divided
        ? HostCheck.good("cgroups", unified ? "version 2" : "version 1")
        : new HostCheck("cgroups", Result.MISSING, "none", "Mount cgroup2 on /sys/fs/cgroup.");
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
