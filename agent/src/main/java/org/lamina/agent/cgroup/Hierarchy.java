package org.lamina.agent.cgroup;

import java.nio.file.Path;
import java.util.Set;

/**
 * One mounted cgroup hierarchy.
 *
 * @param mount where its root is mounted
 * @param v2 whether it is the unified hierarchy
 * @param controllers its controllers; on v1 also a {@code name=} entry
 */
record Hierarchy(Path mount, boolean v2, Set<String> controllers) {
  Hierarchy {
    controllers = Set.copyOf(controllers);
  }

  boolean has(String controller) {
    return controllers.contains(controller);
  }

  /** Whether systemd keeps services apart there, on hosts with v1; it has no controllers. */
  boolean isOfSystemd() {
    return !v2 && has(CgroupLayout.SYSTEMD);
  }
}
