package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;

/** Makes one container's directories in every hierarchy and gives the payload to the container. */
final class CgroupCreation {
  private static final List<String> DELEGATED =
      List.of(
          "cgroup.procs",
          "cgroup.threads",
          "cgroup.subtree_control",
          "memory.oom.group",
          "memory.reclaim");

  private final CgroupHost host;
  private final CgroupFs fs;

  CgroupCreation(CgroupHost host) {
    this.host = host;
    this.fs = host.fs();
  }

  /** What was made before a failure stays; the caller removes it. */
  void run(Ctid ctid, IdRange ids) throws IOException {
    host.prepare();
    for (Hierarchy hierarchy : host.layout().hierarchies()) {
      run(hierarchy, ctid, ids);
    }
  }

  private void run(Hierarchy hierarchy, Ctid ctid, IdRange ids) throws IOException {
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
    if (hierarchy.v2() && !ids.privileged()) {
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
