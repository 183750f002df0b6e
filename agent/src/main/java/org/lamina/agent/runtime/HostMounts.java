package org.lamina.agent.runtime;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.cgroup.Patience;
import org.lamina.agent.mount.OverlayMounts;
import org.lamina.agent.namespace.UserNamespaces;
import org.lamina.agent.proc.MountInfo;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Root file systems of stopped containers, mounted where the host's administrator can look. */
final class HostMounts {
  private static final int ATTEMPTS = 40;
  private static final long PAUSE_MILLIS = 50;

  private final Kernel kernel;
  private final UserNamespaces userNamespaces;
  private final OverlayMounts overlays;

  HostMounts(Kernel kernel, UserNamespaces userNamespaces) {
    this.kernel = kernel;
    this.userNamespaces = userNamespaces;
    this.overlays = new OverlayMounts(kernel);
  }

  void mount(LaunchSpec spec, Path target) {
    Fd ids = spec.ids().privileged() ? null : userNamespaces.of(spec.ids());
    try (Fd directory = kernel.files().openDirectory(target.toString());
        Fd root = overlays.fromHost(spec, "", ids, OverlayMounts.FOR_THE_HOST)) {
      kernel.mounts().attach(root, directory);
      for (String tree : spec.swappableTrees()) {
        try (Fd place = kernel.files().locate(root, tree, FileCalls.RESOLVE_STRICT);
            Fd overlay = overlays.fromHost(spec, tree, ids, OverlayMounts.FOR_THE_HOST)) {
          kernel.mounts().attach(overlay, place);
        }
      }
    } catch (KernelException e) {
      try {
        unmount(target);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw new LaminaException(
          ExitCode.CANNOT_MOUNT,
          "cannot mount container " + spec.ctid() + " at " + target + ": " + e.getMessage(),
          null,
          e);
    }
  }

  void unmount(Path target) {
    for (MountInfo mount : below(target)) {
      try {
        unmountPatiently(mount.mountPoint());
      } catch (KernelException e) {
        throw new LaminaException(
            ExitCode.CANNOT_UMOUNT,
            "cannot unmount " + mount.mountPoint() + ": " + e.getMessage(),
            e.is(Errno.EBUSY) ? "Somebody uses it: see `fuser -vm " + target + "`." : null,
            e);
      }
    }
  }

  /**
   * A program that another thread starts at this moment has, until it is executed, a copy of every
   * descriptor of this process, also of those that were closed here since.
   */
  private void unmountPatiently(String mountPoint) {
    for (int attempt = 1; ; attempt++) {
      try {
        kernel.mounts().unmount(mountPoint, 0);
        return;
      } catch (KernelException e) {
        if (!e.is(Errno.EBUSY) || attempt == ATTEMPTS || !Patience.sleep(PAUSE_MILLIS)) {
          throw e;
        }
      }
    }
  }

  boolean isMounted(Path target) {
    return !below(target).isEmpty();
  }

  /** The same question for many, by one look at what is mounted now. */
  Predicate<Path> mounted() {
    return atOrAbove(ProcFs.HOST.mounts((int) ProcessHandle.current().pid()));
  }

  /** True of every mount point and of the directories above it. */
  static Predicate<Path> atOrAbove(List<MountInfo> mounts) {
    Set<Path> all = new HashSet<>();
    for (MountInfo mount : mounts) {
      // Whatever is above a directory that was added before was added with it.
      for (Path p = Path.of(mount.mountPoint()); p != null && all.add(p); ) {
        p = p.getParent();
      }
    }
    return all::contains;
  }

  /** Mounts at and below a directory, deepest and latest first. */
  private static List<MountInfo> below(Path target) {
    return ProcFs.HOST.mounts((int) ProcessHandle.current().pid()).stream()
        .filter(mount -> Path.of(mount.mountPoint()).startsWith(target))
        .sorted(
            Comparator.comparingInt((MountInfo m) -> Path.of(m.mountPoint()).getNameCount())
                .thenComparingInt(MountInfo::id)
                .reversed())
        .toList();
  }
}
