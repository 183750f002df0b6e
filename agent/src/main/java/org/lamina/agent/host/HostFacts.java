package org.lamina.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.lamina.agent.HostFeature;
import org.lamina.agent.HostFeature.Verdict;
import org.lamina.agent.proc.ControlFile;
import org.lamina.agent.proc.MountInfo;

/**
 * What the host shows of itself in files: control groups, security modules, quotas. Reads only.
 *
 * @param root {@code /}, or a directory in its place
 */
public record HostFacts(Path root) {
  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids", "io", "cpuset");

  /**
   * All of them.
   *
   * @param state the directory that holds templates and containers
   */
  public List<HostFeature> all(Path state) {
    List<HostFeature> out = new ArrayList<>();
    out.add(controllers());
    pressure().ifPresent(out::add);
    out.add(security());
    nestedNamespaces().ifPresent(out::add);
    out.add(projectQuota(state));
    return out;
  }

  /** Limits that cannot be had; on v1 hosts every controller is a directory. */
  HostFeature controllers() {
    TreeSet<String> missing = new TreeSet<>(CONTROLLERS);
    String unified = read("sys/fs/cgroup/cgroup.controllers");
    Arrays.asList(unified.split("\\s+")).forEach(missing::remove);
    missing.removeIf(name ->
        Files.isDirectory(
            root.resolve("sys/fs/cgroup").resolve(name.equals("io") ? "blkio" : name)));
    String name = "controllers";
    if (missing.isEmpty()) {
      return HostFeature.good(name, String.join(" ", CONTROLLERS));
    }
    boolean vital = missing.contains("memory") || missing.contains("pids");
    return new HostFeature(
        name,
        vital ? Verdict.VITAL : Verdict.LACKING,
        "not there: " + String.join(" ", missing),
        "Limits that need them are refused. Look for cgroup_disable= in /proc/cmdline, and whether"
            + " /sys/fs/cgroup is mounted.");
  }

  private Optional<HostFeature> pressure() {
    return Files.exists(root.resolve("proc/pressure/memory"))
        ? Optional.empty()
        : Optional.of(
            new HostFeature(
                "pressure",
                Verdict.LACKING,
                "not there",
                "vzctl stat shows no pressure; start the kernel with psi=1."));
  }

  /** Which modules have a say; none of them is needed. */
  HostFeature security() {
    String modules = read("sys/kernel/security/lsm");
    if (modules.isEmpty()) {
      modules = read("sys/module/apparmor/parameters/enabled").equals("Y") ? "apparmor" : "unknown";
    }
    return HostFeature.good("security modules", modules);
  }

  /** Units inside with PrivateUsers= make user namespaces of their own. */
  Optional<HostFeature> nestedNamespaces() {
    String key = null;
    if (read("proc/sys/kernel/unprivileged_userns_clone").equals("0")) {
      key = "kernel.unprivileged_userns_clone=1";
    } else if (read("proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
      key = "kernel.apparmor_restrict_unprivileged_userns=0";
    }
    return key == null
        ? Optional.empty()
        : Optional.of(
            new HostFeature(
                "nested namespaces",
                Verdict.LACKING,
                "users other than root may not make user namespaces",
                "Services inside that sandbox themselves so fail: sysctl -w " + key));
  }

  /** Whether the file system of the containers counts by project. */
  HostFeature projectQuota(Path state) {
    String name = "project quota";
    List<MountInfo> mounts = mounts();
    Optional<MountInfo> mount =
        mounts.stream()
            .filter(m -> state.startsWith(m.mountPoint()))
            .max((a, b) -> Integer.compare(a.mountPoint().length(), b.mountPoint().length()));
    if (mount.isEmpty()) {
      return new HostFeature(name, Verdict.LACKING, "unknown", "");
    }
    MountInfo m = mount.get();
    if (m.superOptions().contains("prjquota")) {
      return HostFeature.good(name, m.type() + " at " + m.mountPoint() + " counts by project");
    }
    if (m.type().equals("btrfs")) {
      return HostFeature.good(name, "btrfs counts by its own means");
    }
    String how =
        switch (m.type()) {
          case "ext4" ->
              "To have it: unmount, tune2fs -O project,quota "
                  + m.source()
                  + ", mount with prjquota (for the root file system: quota_v2 in the initramfs,"
                  + " rootflags=prjquota).";
          case "xfs" ->
              "To have it: mount with prjquota (the root file system: rootflags=prjquota).";
          default -> "Disk limits need an image for each container here.";
        };
    return new HostFeature(
        name, Verdict.LACKING, m.type() + " at " + m.mountPoint() + " does not count", how);
  }

  private List<MountInfo> mounts() {
    try {
      return MountInfo.parse(
          new String(
                  Files.readAllBytes(root.resolve("proc/self/mountinfo")),
                  StandardCharsets.ISO_8859_1)
              .lines()
              .toList());
    } catch (IOException e) {
      return List.of();
    }
  }

  private String read(String file) {
    try {
      return ControlFile.read(root.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}
