package org.lamina.agent.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.lamina.agent.proc.MountInfo;

/**
 * Which hierarchies this host has. Each controller lives on exactly one of them, so that pure v2,
 * pure v1 and any mixture need no separate code.
 *
 * @param hierarchies those that containers use, in the order they were mounted
 */
record CgroupLayout(List<Hierarchy> hierarchies) {
  static final String SYSTEMD = "name=systemd";
  private static final Set<String> USED_ON_V1 =
      Set.of("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", SYSTEMD);

  CgroupLayout {
    hierarchies = List.copyOf(hierarchies);
  }

  /**
   * @param mounts of this process
   * @param v2Controllers reads {@code cgroup.controllers} at the given cgroup2 mount
   */
  static CgroupLayout detect(List<MountInfo> mounts, Function<Path, Set<String>> v2Controllers) {
    List<Hierarchy> found = new ArrayList<>();
    Set<String> devices = new HashSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      MountInfo mount = mounts.get(i);
      // A bind of a part of a hierarchy cannot hold cgroups beside the others; a mount that a later
      // one covers cannot be reached.
      if (!mount.root().equals("/") || covered(mount, mounts.subList(i + 1, mounts.size()))) {
        continue;
      }
      Path where = Path.of(mount.mountPoint());
      if (mount.type().equals("cgroup2") && devices.add(mount.device())) {
        found.add(new Hierarchy(where, true, v2Controllers.apply(where)));
      } else if (mount.type().equals("cgroup")) {
        Set<String> controllers = new HashSet<>(mount.superOptions());
        controllers.retainAll(USED_ON_V1);
        if (!controllers.isEmpty() && devices.add(mount.device())) {
          found.add(new Hierarchy(where, false, controllers));
        }
      }
    }
    return new CgroupLayout(found);
  }

  private static boolean covered(MountInfo mount, Collection<MountInfo> later) {
    Path where = Path.of(mount.mountPoint());
    return later.stream().anyMatch(other -> where.startsWith(other.mountPoint()));
  }

  /** The hierarchy a controller lives on; a v1 mount takes it away from the unified one. */
  Optional<Hierarchy> home(String controller) {
    return hierarchies.stream()
        .filter(hierarchy -> hierarchy.has(controller))
        .min((a, b) -> Boolean.compare(a.v2(), b.v2()));
  }

  Optional<Hierarchy> unified() {
    return hierarchies.stream().filter(Hierarchy::v2).findFirst();
  }

  /** The hierarchy of the first version that systemd keeps its services apart in. */
  Optional<Hierarchy> systemd() {
    return hierarchies.stream().filter(Hierarchy::isOfSystemd).findFirst();
  }

  /** True if no controller that containers need is on v1. */
  boolean pureV2() {
    return unified().isPresent() && hierarchies.size() == 1;
  }
}
