package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final Map<Integer, Integer> attributes = new LinkedHashMap<>();

  private final List<WriteStop.Place> writable = new ArrayList<>();

  private Sandboxes(Kernel kernel, String path) {
    this.kernel = kernel;
    this.path = path;
  }

  /** Looks at all processes of a container. */
  static Sandboxes of(Kernel kernel, ContainerCgroup cgroup, int init, String path) {
    Sandboxes out = new Sandboxes(kernel, path);
    List<MountInfo> own = ProcFs.HOST.mounts(init);
    Optional<String> device = top(own, path).map(MountInfo::device);
    Set<String> seen = new HashSet<>();
    seen.add(namespace(init));
    own.stream()
        .filter(mount -> !mount.mountPoint().equals(path))
        .forEach(mount -> out.writable(init, mount, device));
    for (int pid : cgroup.processes()) {
      if (seen.add(namespace(pid))) {
        List<MountInfo> mounts = ProcFs.HOST.mounts(pid);
        top(mounts, path).ifPresent(mount -> out.attributes.put(pid, bits(mount)));
        mounts.forEach(mount -> out.writable(pid, mount, device));
      }
    }
    return out;
  }

  private void writable(int pid, MountInfo mount, Optional<String> device) {
    if (device.equals(Optional.of(mount.device())) && !mount.options().contains("ro")) {
      writable.add(new WriteStop.Place(pid, mount.mountPoint()));
    }
  }

  int count() {
    return attributes.size();
  }

  /** Mounts of the tree or of parts of it that can be written to, but for the tree itself. */
  List<WriteStop.Place> writable() {
    return List.copyOf(writable);
  }

  /** Puts the attributes back that the namespaces had; says where that failed. */
  List<String> restore() {
    List<String> notes = new ArrayList<>();
    attributes.forEach((pid, bits) -> {
      if (bits != 0) {
        restore(pid, bits, notes);
      }
    });
    return List.copyOf(notes);
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
    int bits = mount.options().stream().mapToInt(o -> ATTRIBUTES.getOrDefault(o, 0)).sum();
    // Stopped by an exchange that was cut short, and not by the service.
    boolean marked = (bits & MountCalls.READ_ONLY) != 0 && mount.options().contains("nodiratime");
    return marked ? bits & ~MountCalls.READ_ONLY : bits;
  }

  private static Optional<MountInfo> top(List<MountInfo> mounts, String path) {
    return mounts.stream()
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
