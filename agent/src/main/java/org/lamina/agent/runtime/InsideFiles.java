package org.lamina.agent.runtime;

import static org.lamina.agent.sys.MountCalls.NEW_NS;
import static org.lamina.agent.sys.MountCalls.NO_DEV;
import static org.lamina.agent.sys.MountCalls.NO_EXEC;
import static org.lamina.agent.sys.MountCalls.NO_SUID;
import static org.lamina.agent.sys.MountCalls.READ_ONLY;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;

/**
 * Files of lxcfs over the kernel's own in one container. Only what is the kernel's or a file of
 * lxcfs is covered; whatever else the inside has put in that place stays.
 */
record InsideFiles(Kernel kernel, int init) {
  private static final long PROC = 0x9fa0;
  private static final long SYSFS = 0x62656572;
  private static final long FUSE = 0x65735546;

  static Map<String, Fd> clones(Kernel kernel, String top, List<String> paths) {
    Map<String, Fd> clones = new LinkedHashMap<>();
    try {
      for (String path : paths) {
        try {
          Fd clone = kernel.mounts().cloneTree(top + "/" + path, false);
          clones.put(path, clone);
          kernel.mounts().setAttributes(clone, READ_ONLY | NO_SUID | NO_DEV | NO_EXEC, false);
        } catch (KernelException e) {
          if (!e.is(Errno.ENOENT)) {
            throw e;
          }
        }
      }
      return clones;
    } catch (RuntimeException e) {
      clones.values().forEach(Fd::close);
      throw e;
    }
  }

  /** Puts the mounts in place of the kernel's files and of those of an earlier lxcfs. */
  void attach(Map<String, Fd> mounts) {
    inside(root -> mounts.forEach((path, mount) -> replace(root, path, mount)));
  }

  /** Uncovers the kernel's own files. */
  void detach(List<String> paths) {
    inside(root -> paths.forEach(path -> replace(root, path, null)));
  }

  private void inside(java.util.function.Consumer<Fd> work) {
    KernelThread.run(
        "lamina-inside-" + init,
        () -> {
          try (Fd namespace =
              kernel.files().open("/proc/" + init + "/ns/mnt", FileCalls.O_RDONLY, 0)) {
            kernel.mounts().unshareFileSystemState();
            kernel.mounts().enter(namespace, NEW_NS);
          }
          try (Fd root = kernel.files().openDirectory("/")) {
            work.accept(root);
          }
        });
  }

  private void replace(Fd root, String path, @Nullable Fd mount) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    try (Fd parent =
        kernel.files().locate(root, path.substring(0, slash), FileCalls.RESOLVE_STRICT)) {
      long type = type(parent, name);
      if (type == FUSE) {
        if (mount != null && same(parent, name, mount)) {
          return;
        }
        kernel.mounts().unmountAt(parent, name);
        type = type(parent, name);
      }
      if (mount != null && (type == PROC || type == SYSFS)) {
        try (Fd target = kernel.files().locate(parent, name, FileCalls.RESOLVE_STRICT)) {
          kernel.mounts().attach(mount, target);
        }
      }
    } catch (KernelException e) {
      // The inside has no such file, or a link in its place.
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ELOOP) && !e.is(Errno.ENOTDIR)) {
        throw e;
      }
    }
  }

  private long type(Fd parent, String name) {
    try (Fd target = kernel.files().locate(parent, name, FileCalls.RESOLVE_STRICT)) {
      return kernel.files().fileSystemType(target);
    } catch (KernelException e) {
      if (e.is(Errno.ENOTCONN)) {
        // The program behind it is gone.
        return FUSE;
      }
      throw e;
    }
  }

  private boolean same(Fd parent, String name, Fd mount) {
    try (Fd target = kernel.files().locate(parent, name, FileCalls.RESOLVE_STRICT)) {
      return kernel.files().stat(target).device() == kernel.files().stat(mount).device();
    } catch (KernelException e) {
      if (e.is(Errno.ENOTCONN)) {
        return false;
      }
      throw e;
    }
  }
}
