package org.lamina.agent.runtime;

import java.util.List;
import java.util.function.Supplier;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.DeviceNode;
import org.lamina.schema.GuestAccess;

/** Changes the devices of a running container. Whatever fails takes the rest back. */
final class LiveAccess {
  private final Kernel kernel;
  private final HostGuard guard;
  private final ContainerCgroup cgroup;
  private final RunDirectory run;
  private final GuestDevices devices;
  private final Supplier<Fd> root;

  /**
   * @param root opens the container's root directory
   */
  LiveAccess(
      Kernel kernel,
      HostGuard guard,
      ContainerCgroup cgroup,
      RunDirectory run,
      GuestDevices devices,
      Supplier<Fd> root) {
    this.kernel = kernel;
    this.guard = guard;
    this.cgroup = cgroup;
    this.run = run;
    this.devices = devices;
    this.root = root;
  }

  void apply(GuestAccess wanted) {
    GuestAccess before = run.readAccess();
    // The bounding set of what runs cannot be changed.
    GuestAccess next =
        new GuestAccess(wanted.nodes(), wanted.devices(), before.capabilities(), wanted.features());
    try {
      set(before, next);
      run.writeAccess(next);
    } catch (RuntimeException e) {
      try {
        set(next, before);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private void set(GuestAccess before, GuestAccess next) {
    List<String> kept = next.allNodes().stream().map(DeviceNode::name).toList();
    // Rights first: a node without them is of no use, and one that goes is of none at once.
    guard.replaceDevices(cgroup, HostGuard.devices(kernel, next));
    try (Fd directory = root.get()) {
      next.allNodes().forEach(node -> devices.make(directory, node));
      before.allNodes().stream()
          .filter(node -> !kept.contains(node.name()))
          .forEach(node -> devices.remove(directory, node));
    }
  }
}
