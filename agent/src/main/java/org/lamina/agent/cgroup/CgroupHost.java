package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lamina.agent.proc.MountInfo;
import org.lamina.agent.proc.ProcCgroup;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** The control groups of this host, whichever version holds which controller. Thread safe. */
public final class CgroupHost {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final String SUPERVISOR = "-supervisor";

  private final CgroupFs fs;
  private final CgroupLayout layout;
  private final Map<Hierarchy, Path> bases;
  private final Set<Hierarchy> supervised;

  private CgroupHost(
      CgroupFs fs, CgroupLayout layout, Map<Hierarchy, Path> bases, Set<Hierarchy> supervised) {
    this.fs = fs;
    this.layout = layout;
    this.bases = bases;
    this.supervised = supervised;
  }

  /**
   * Finds the hierarchies; changes nothing.
   *
   * @param mountinfo usually {@code /proc/self/mountinfo}
   * @param ownCgroup usually {@code /proc/self/cgroup}
   * @param name directory that holds all containers, letters, digits, {@code _} and {@code -}
   * @throws LaminaException NO_KERNEL_SUPPORT if no hierarchy is mounted
   */
  public static CgroupHost detect(Path mountinfo, Path ownCgroup, String name) {
    return detect(new CgroupFs(), mountinfo, ownCgroup, name);
  }

  static CgroupHost detect(CgroupFs fs, Path mountinfo, Path ownCgroup, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new LaminaException(ExitCode.BAD_CONFIG, "bad cgroup name in the configuration");
    }
    List<ProcCgroup> own = ProcCgroup.parse(lines(ownCgroup));
    CgroupLayout layout =
        CgroupLayout.detect(
            MountInfo.parse(lines(mountinfo)),
            mount ->
                fs.readIfThere(mount.resolve("cgroup.controllers"))
                    .map(text -> Set.copyOf(new TreeSet<>(List.of(text.split("\\s+")))))
                    .orElse(Set.of()));
    if (layout.hierarchies().isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "no cgroup hierarchy is mounted on this host",
          "Mount cgroup2 on /sys/fs/cgroup.");
    }
    Map<Hierarchy, Path> bases = new LinkedHashMap<>();
    Set<Hierarchy> supervised = new LinkedHashSet<>();
    for (Hierarchy hierarchy : layout.hierarchies()) {
      bases.put(hierarchy, CgroupBase.choose(hierarchy, layout, own, name));
      if (mustLeave(hierarchy, own)) {
        supervised.add(hierarchy);
      }
    }
    return new CgroupHost(fs, layout, bases, supervised);
  }

  /**
   * Where a supervisor must not stay beside the daemon: where it is found again by its cgroup,
   * where a service manager tracks the daemon's processes, and where the daemon itself is limited.
   */
  private static boolean mustLeave(Hierarchy hierarchy, List<ProcCgroup> own) {
    return hierarchy.v2()
        || hierarchy.has(CgroupLayout.SYSTEMD)
        || hierarchy.has("pids")
        || own.stream()
            .anyMatch(line ->
                line.controllers().stream().anyMatch(hierarchy::has) && !line.path().equals("/"));
  }

  private static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read " + file + ": " + Errno.text(e), null, e);
    }
  }

  /** The cgroups of one container, whether they exist or not. */
  public ContainerCgroup of(Ctid ctid) {
    return new ContainerCgroup(this, ctid);
  }

  /** Containers of which any cgroup exists in any hierarchy, running or not. */
  public Set<Ctid> containers() {
    Set<Ctid> found = new TreeSet<>();
    for (Path base : bases.values()) {
      for (String child : fs.children(base)) {
        ctid(child).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Ctid> ctid(String directory) {
    String number =
        directory.endsWith(SUPERVISOR)
            ? directory.substring(0, directory.length() - SUPERVISOR.length())
            : directory;
    // Only what this program would have written: no leading zeros, in range.
    if (!Ctid.looksNumeric(number) || number.startsWith("0")) {
      return Optional.empty();
    }
    long value = Long.parseLong(number);
    return value >= Ctid.MIN && value <= Ctid.MAX
        ? Optional.of(new Ctid((int) value))
        : Optional.empty();
  }

  /**
   * @param who is to get them, for the message
   * @throws LaminaException NO_KERNEL_SUPPORT if this host has nothing of the kind to give a guest
   */
  public void require(String who, CgroupVersion guest) {
    if (guest == CgroupVersion.V1 && layout.systemd().isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          who
              + " cannot run here: its init knows only control groups of the first version, and"
              + " this host has none",
          "Use a later release, or boot the host with systemd.unified_cgroup_hierarchy=0 where its"
              + " kernel and systemd still know that.");
    }
  }

  /** Whether all controllers are on the unified hierarchy, which a guest can then use itself. */
  public boolean pureV2() {
    return layout.pureV2();
  }

  /** Removes the directory that held the containers where none is left; made anew when needed. */
  public void tidy() {
    for (Map.Entry<Hierarchy, Path> entry : bases.entrySet()) {
      boolean ours = entry.getKey().mount().equals(entry.getValue().getParent());
      if (ours && fs.children(entry.getValue()).isEmpty()) {
        try {
          new CgroupTree(fs).remove(entry.getValue());
        } catch (IOException containerMadeMeanwhile) {
          // It is in use again, so that it stays.
        }
      }
    }
  }

  /**
   * Files a process of this program that serves all containers writes {@code 0} to in order to
   * outlive the daemon; its cgroups are made.
   *
   * @param name of its cgroup, no number
   */
  public List<Path> helperJoinFiles(String name) {
    List<Path> files = new ArrayList<>();
    try {
      prepare();
      for (Hierarchy hierarchy : supervised) {
        Path directory = base(hierarchy).resolve(name);
        CgroupBase.mkdir(fs, hierarchy, directory);
        files.add(directory.resolve("cgroup.procs"));
      }
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot make the cgroup of " + name + ": " + Errno.text(e), null, e);
    }
    return files;
  }

  /** Processes in the cgroups of a helper, whoever started them. */
  public Set<Integer> helperProcesses(String name) {
    Set<Integer> pids = new TreeSet<>();
    try {
      for (Hierarchy hierarchy : supervised) {
        pids.addAll(new CgroupTree(fs).processes(base(hierarchy).resolve(name)));
      }
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot list the processes of " + name + ": " + Errno.text(e), null, e);
    }
    return pids;
  }

  /** Removes the cgroups of a helper that has ended. Idempotent. */
  public void removeHelper(String name) {
    for (Hierarchy hierarchy : supervised) {
      try {
        Path directory = base(hierarchy).resolve(name);
        Patience.retry(Duration.ofSeconds(2), () -> new CgroupTree(fs).remove(directory));
      } catch (IOException e) {
        throw new LaminaException(
            ExitCode.SYSTEM, "cannot remove the cgroup of " + name + ": " + Errno.text(e), null, e);
      }
    }
  }

  /** Makes the base of every hierarchy. Idempotent. */
  void prepare() throws IOException {
    for (Map.Entry<Hierarchy, Path> entry : bases.entrySet()) {
      CgroupBase.prepare(fs, entry.getKey(), entry.getValue());
    }
  }

  CgroupFs fs() {
    return fs;
  }

  CgroupLayout layout() {
    return layout;
  }

  Path container(Hierarchy hierarchy, Ctid ctid) {
    return base(hierarchy).resolve(ctid.toString());
  }

  Path supervisor(Hierarchy hierarchy, Ctid ctid) {
    return base(hierarchy).resolve(ctid + SUPERVISOR);
  }

  /** Whether supervisors get a cgroup of their own there. */
  boolean supervises(Hierarchy hierarchy) {
    return supervised.contains(hierarchy);
  }

  private Path base(Hierarchy hierarchy) {
    Path base = bases.get(hierarchy);
    if (base == null) {
      throw new IllegalArgumentException("not a hierarchy of this host: " + hierarchy);
    }
    return base;
  }
}
