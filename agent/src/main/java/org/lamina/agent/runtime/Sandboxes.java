package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.proc.MountInfo;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.MountCalls;

/**
 * Mount namespaces that services inside a container made for themselves. An exchanged tree reaches
 * them by propagation, but with the attributes of the new mount: what a service had restricted
 * (ProtectSystem= makes /usr read-only) must be put back on it.
 */
final class Sandboxes {
  private static final Map<String, Integer> ATTRIBUTES =
      Map.of(
          "ro", MountCalls.READ_ONLY,
          "nosuid", MountCalls.NO_SUID,
          "nodev", MountCalls.NO_DEV,
          "noexec", MountCalls.NO_EXEC);

  private final Kernel kernel;
  private final String path;

  /** A process in each namespace, and the attributes the tree has there. */
  private final Map<Integer, Integer> attributes;

  private Sandboxes(Kernel kernel, String path, Map<Integer, Integer> attributes) {
    this.kernel = kernel;
    this.path = path;
    this.attributes = attributes;
  }

  /** Looks at all processes of a container. */
  static Sandboxes of(Kernel kernel, ContainerCgroup cgroup, int init, String path) {
    Set<String> seen = new HashSet<>();
    seen.add(namespace(init));
    Map<Integer, Integer> attributes = new LinkedHashMap<>();
    for (int pid : cgroup.processes()) {
      if (seen.add(namespace(pid))) {
        top(pid, path).ifPresent(mount -> attributes.put(pid, bits(mount)));
      }
    }
    return new Sandboxes(kernel, path, attributes);
  }

  /** Puts the attributes back that the namespaces had, on what is mounted there now. */
  TreeSwitch restore(Duration readOnly) {
    List<String> notes = new ArrayList<>();
    attributes.forEach((pid, bits) -> {
      if (bits != 0) {
        restore(pid, bits, notes);
      }
    });
    return new TreeSwitch(readOnly, attributes.size(), List.copyOf(notes));
  }

  private void restore(int pid, int bits, List<String> notes) {
    try {
      KernelThread.run(
          "lamina-sandbox",
          () -> {
            try (Fd namespace =
                kernel.files().open("/proc/" + pid + "/ns/mnt", FileCalls.O_RDONLY, 0)) {
              kernel.mounts().unshareFileSystemState();
              kernel.mounts().enter(namespace, MountCalls.NEW_NS);
              try (Fd mount = kernel.mounts().attachedTree(path)) {
                kernel.mounts().setAttributes(mount, bits, false);
              }
            }
          });
    } catch (KernelException e) {
      if (Files.exists(Path.of("/proc", Integer.toString(pid)))) {
        notes.add(
            "process " + pid + " keeps " + path + " without its restrictions: " + e.getMessage());
      }
    }
  }

  private static int bits(MountInfo mount) {
    return mount.options().stream().mapToInt(o -> ATTRIBUTES.getOrDefault(o, 0)).sum();
  }

  private static java.util.Optional<MountInfo> top(int pid, String path) {
    return ProcFs.HOST.mounts(pid).stream()
        .filter(mount -> mount.mountPoint().equals(path))
        .reduce((first, second) -> second);
  }

  private static String namespace(int pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Integer.toString(pid), "ns/mnt")).toString();
    } catch (IOException e) {
      return "gone";
    }
  }
}
