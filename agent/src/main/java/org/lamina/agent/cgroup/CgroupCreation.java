package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;

/** Makes one container's directories in every hierarchy and gives the payload to the container. */
final class CgroupCreation {
  private static final List<String> DELEGATED =
      List.of(
          "cgroup.procs",
          "cgroup.threads",
          "cgroup.subtree_control",
          "tasks",
          "memory.oom.group",
          "memory.reclaim");

  private final CgroupHost host;
  private final CgroupFs fs;

  CgroupCreation(CgroupHost host) {
    this.host = host;
    this.fs = host.fs();
  }

  /** What was made before a failure stays; the caller removes it. */
  void run(Ctid ctid, IdRange ids, CgroupVersion guest) throws IOException {
    host.prepare();
    for (Hierarchy hierarchy : host.layout().hierarchies()) {
      run(hierarchy, ctid, ids, guest);
    }
  }

  private void run(Hierarchy hierarchy, Ctid ctid, IdRange ids, CgroupVersion guest)
      throws IOException {
    Path container = host.container(hierarchy, ctid);
    Path payload = container.resolve("payload");
    CgroupBase.mkdir(fs, hierarchy, container);
    if (hierarchy.v2()) {
      CgroupBase.enable(fs, container);
      // A guest that nests without end would cost the host memory it is not charged for.
      set(container.resolve("cgroup.max.depth"), "64");
      set(container.resolve("cgroup.max.descendants"), "8192");
    }
    CgroupBase.mkdir(fs, hierarchy, payload);
    // Nothing can be lifted where there is no controller.
    boolean own = guest == CgroupVersion.V1 ? hierarchy.isOfSystemd() : hierarchy.v2();
    if (own && !ids.privileged()) {
      delegate(payload, ids.base());
    }
    if (host.supervises(hierarchy)) {
      CgroupBase.mkdir(fs, hierarchy, host.supervisor(hierarchy, ctid));
    }
  }

  private void delegate(Path payload, int id) throws IOException {
    for (String file : DELEGATED) {
      if (fs.exists(payload.resolve(file))) {
        fs.chown(payload.resolve(file), id);
      }
    }
    fs.chown(payload, id);
  }

  private void set(Path file, String value) throws IOException {
    if (fs.exists(file)) {
      fs.write(file, value);
    }
  }
}
