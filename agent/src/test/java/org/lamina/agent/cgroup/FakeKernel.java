package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.schema.CpuList;

/**
 * A directory that behaves like cgroupfs as far as this package relies on it: new cgroups get their
 * control files, v2 controllers must be handed down, memory stays below memory plus swap, v1
 * cpusets start empty, and a cgroup with processes cannot be removed.
 */
final class FakeKernel extends CgroupFs {
  private static final String V1_UNLIMITED = "9223372036854771712";
  private static final Map<String, Map<String, String>> V1_FILES =
      Map.of(
          "cpu",
          Map.of("cpu.cfs_quota_us", "-1", "cpu.cfs_period_us", "100000", "cpu.shares", "1024"),
          "cpuacct",
          Map.of("cpuacct.usage", "1500000000"),
          "cpuset",
          Map.of("cpuset.cpus", "", "cpuset.mems", ""),
          "blkio",
          Map.of(
              "blkio.throttle.read_bps_device", "",
              "blkio.throttle.write_bps_device", "",
              "blkio.throttle.read_iops_device", "",
              "blkio.throttle.write_iops_device", "",
              "blkio.bfq.weight", "100"),
          "memory",
          Map.of(
              "memory.limit_in_bytes",
              V1_UNLIMITED,
              "memory.memsw.limit_in_bytes",
              V1_UNLIMITED,
              "memory.memsw.usage_in_bytes",
              "0",
              "memory.usage_in_bytes",
              "4096"),
          "pids",
          Map.of("pids.max", "max", "pids.current", "7"));
  private static final Map<String, Map<String, String>> V2_FILES =
      Map.of(
          "cpu",
          Map.of("cpu.max", "max 100000", "cpu.weight", "100"),
          "cpuset",
          Map.of(
              "cpuset.cpus", "",
              "cpuset.mems", "",
              "cpuset.cpus.effective", "0-3",
              "cpuset.mems.effective", "0-1"),
          "io",
          Map.of("io.max", "", "io.bfq.weight", "default 100"),
          "memory",
          Map.of(
              "memory.low", "0",
              "memory.max", "max",
              "memory.swap.max", "max",
              "memory.high", "max",
              "memory.oom.group", "0",
              "memory.current", "4096"),
          "pids",
          Map.of("pids.max", "max", "pids.current", "7"));

  /** Every successful write and ownership change, in order, paths below the root. */
  final List<String> log = new ArrayList<>();

  /** Files, by the end of their path, that refuse to be written, and the kernel's words. */
  final Map<String, String> refusing = new HashMap<>();

  private final Path root;
  private final Map<Path, Set<String>> v1 = new HashMap<>();
  private final Set<String> absent = new LinkedHashSet<>();
  private final List<String> mountinfo = new ArrayList<>();
  private Path unified;

  FakeKernel(Path root) {
    this.root = root;
  }

  static FakeKernel pureV2(Path root) throws IOException {
    return new FakeKernel(root).mountUnified("", "cpuset cpu io memory hugetlb pids");
  }

  /** One mount per controller, cgroup2 without any of them. */
  static FakeKernel hybrid(Path root) throws IOException {
    FakeKernel kernel = new FakeKernel(root);
    for (String name :
        List.of("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids")) {
      kernel.mountV1(name, name);
    }
    return kernel
        .mountV1("systemd", CgroupLayout.SYSTEMD)
        .mountV1("perf_event", "perf_event")
        .mountUnified("unified", "hugetlb");
  }

  FakeKernel mountV1(String directory, String controllers) throws IOException {
    Path mount = Files.createDirectories(root.resolve(directory));
    v1.put(mount, Set.of(controllers.split(",")));
    mountinfo.add(mountLine(mount, "cgroup", "rw," + controllers));
    populate(mount);
    if (controllers.contains("cpuset")) {
      Files.writeString(mount.resolve("cpuset.cpus"), "0-1\n");
      Files.writeString(mount.resolve("cpuset.mems"), "0\n");
    }
    return this;
  }

  FakeKernel mountUnified(String directory, String controllers) throws IOException {
    unified = Files.createDirectories(root.resolve(directory));
    mountinfo.add(mountLine(unified, "cgroup2", "rw,nsdelegate"));
    Files.writeString(unified.resolve("cgroup.controllers"), controllers + "\n");
    Files.writeString(unified.resolve("cgroup.subtree_control"), "\n");
    return this;
  }

  /** Files that this kernel was built without. */
  FakeKernel without(String... files) {
    absent.addAll(List.of(files));
    return this;
  }

  private String mountLine(Path mount, String type, String options) {
    int id = 30 + mountinfo.size();
    String point = mount.toString().replace(" ", "\\040");
    return id + " 22 0:" + id + " / " + point + " rw,nosuid - " + type + " " + type + " " + options;
  }

  CgroupHost detect(String... ownCgroup) throws IOException {
    Path mounts = Files.createTempFile(root.getParent(), "mountinfo", "");
    Path own = Files.createTempFile(root.getParent(), "cgroup", "");
    Files.write(mounts, mountinfo);
    Files.write(own, List.of(ownCgroup));
    return CgroupHost.detect(this, mounts, own, "lamina");
  }

  Path path(String below) {
    return root.resolve(below);
  }

  String value(String below) throws IOException {
    return read(path(below));
  }

  void put(String below, String value) throws IOException {
    Files.writeString(path(below), line(value));
  }

  private static String line(String value) {
    return value.isEmpty() ? "" : value + "\n";
  }

  @Override
  void mkdir(Path directory) throws IOException {
    boolean fresh = !Files.exists(directory);
    super.mkdir(directory);
    if (fresh) {
      populate(directory);
    }
  }

  private void populate(Path directory) throws IOException {
    create(directory, "cgroup.procs", "");
    for (Map.Entry<Path, Set<String>> mount : v1.entrySet()) {
      if (directory.startsWith(mount.getKey())) {
        for (String controller : mount.getValue()) {
          createAll(directory, V1_FILES.getOrDefault(controller, Map.of()));
        }
        return;
      }
    }
    String controllers = read(directory.resolveSibling("cgroup.subtree_control"));
    create(directory, "cgroup.controllers", controllers);
    for (String file : List.of("cgroup.subtree_control", "cgroup.threads", "cgroup.kill")) {
      create(directory, file, "");
    }
    create(directory, "cgroup.max.depth", "max");
    create(directory, "cpu.stat", "usage_usec 1500000\nuser_usec 1\nsystem_usec 2");
    for (String controller : controllers.split(" ")) {
      createAll(directory, V2_FILES.getOrDefault(controller, Map.of()));
    }
  }

  private void createAll(Path directory, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      create(directory, file.getKey(), file.getValue());
    }
  }

  private void create(Path directory, String file, String value) throws IOException {
    if (!absent.contains(file)) {
      Files.writeString(directory.resolve(file), line(value));
    }
  }

  @Override
  void rmdir(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    // The walk goes by names only, so that the one directory of that name is looked for here.
    List<Path> found;
    try (var all = Files.walk(root)) {
      found = all.filter(path -> path.endsWith(name) && Files.isDirectory(path)).toList();
    }
    for (Path directory : found) {
      if (sameDirectory(parent, name, directory)) {
        if (!read(directory.resolve("cgroup.procs")).isEmpty()) {
          throw new IOException("Device or resource busy");
        }
        try (var files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
          for (Path file : files) {
            Files.delete(file);
          }
        }
        super.rmdir(parent, name);
        return;
      }
    }
    throw new NoSuchFileException(name.toString());
  }

  private static boolean sameDirectory(SecureDirectoryStream<Path> parent, Path name, Path other)
      throws IOException {
    Object key =
        parent
            .getFileAttributeView(name, java.nio.file.attribute.BasicFileAttributeView.class)
            .readAttributes()
            .fileKey();
    return key.equals(
        Files.readAttributes(other, java.nio.file.attribute.BasicFileAttributes.class).fileKey());
  }

  @Override
  void write(Path file, String value) throws IOException {
    String below = root.relativize(file).toString();
    for (Map.Entry<String, String> refusal : refusing.entrySet()) {
      if (below.endsWith(refusal.getKey())) {
        throw new IOException(refusal.getValue());
      }
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    String stored = value;
    switch (String.valueOf(file.getFileName())) {
      case "memory.limit_in_bytes" -> checkMemory(file, value, true);
      case "memory.memsw.limit_in_bytes" -> checkMemory(file, value, false);
      case "cgroup.subtree_control" -> stored = enabled(file, value);
      case "cgroup.kill" -> killAll(file.getParent());
      case "cpuset.cpus", "cpuset.mems" -> checkCpuset(file, value);
      default -> {}
    }
    log.add(below + "=" + value);
    Files.writeString(
        file, (stored.equals("-1") && below.contains("memory") ? V1_UNLIMITED : stored) + "\n");
  }

  /** On v1 a list lies within the parent's and holds those of all children. */
  private static void checkCpuset(Path file, String value) throws IOException {
    if (!file.toString().contains("/cpuset/")) {
      return;
    }
    BitSet wanted = new CpuList(value).numbers();
    Path directory = file.getParent();
    if (!within(wanted, directory.getParent().resolve(file.getFileName()))) {
      throw new IOException("Permission denied");
    }
    try (var children = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path child : children) {
        String inner = Files.readString(child.resolve(file.getFileName())).strip();
        if (!inner.isEmpty() && !within(new CpuList(inner).numbers(), wanted)) {
          throw new IOException("Device or resource busy");
        }
      }
    }
  }

  private static boolean within(BitSet inner, Path outer) throws IOException {
    return !Files.exists(outer)
        || within(inner, new CpuList(Files.readString(outer).strip()).numbers());
  }

  private static boolean within(BitSet inner, BitSet outer) {
    BitSet rest = (BitSet) inner.clone();
    rest.andNot(outer);
    return rest.isEmpty();
  }

  private void checkMemory(Path file, String value, boolean memory) throws IOException {
    Path memsw = file.resolveSibling("memory.memsw.limit_in_bytes");
    if (!Files.exists(memsw)) {
      return;
    }
    long other = Writes.number(read(memory ? memsw : file.resolveSibling("memory.limit_in_bytes")));
    long wanted = Writes.number(value);
    if (memory ? wanted > other : wanted < other) {
      throw new IOException("Invalid argument");
    }
  }

  private String enabled(Path file, String value) throws IOException {
    Set<String> now = new LinkedHashSet<>(List.of(read(file).split(" ")));
    now.remove("");
    List<String> available = List.of(read(file.resolveSibling("cgroup.controllers")).split(" "));
    for (String addition : value.split(" ")) {
      if (!available.contains(addition.substring(1))) {
        throw new IOException("No such file or directory");
      }
      now.add(addition.substring(1));
    }
    return String.join(" ", now);
  }

  private static void killAll(Path top) throws IOException {
    try (var all = Files.walk(top)) {
      for (Path procs : all.filter(path -> path.endsWith("cgroup.procs")).toList()) {
        Files.writeString(procs, "");
      }
    }
  }

  @Override
  void chown(Path path, int id) {
    log.add(root.relativize(path) + " -> " + id);
  }
}
