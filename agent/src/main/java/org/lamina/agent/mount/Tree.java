package org.lamina.agent.mount;

import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Link-safe work below one directory that the container may have written: nothing here follows a
 * symbolic link or leaves the directory.
 *
 * @param root owner of what is made: the host id of the container's root
 */
record Tree(Kernel kernel, Fd directory, int root) {
  /** An O_PATH descriptor of something below, without following links. */
  Fd locate(String path) {
    return kernel.files().locate(directory, path, FileCalls.RESOLVE_STRICT);
  }

  /** A directory below for mounting on; made if it is missing, refused if it is anything else. */
  Fd mountPoint(String name) {
    try {
      kernel.files().makeDirectory(directory, name, 0755);
      kernel.files().chownAt(directory, name, root, root);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    Fd fd;
    try {
      fd = locate(name);
    } catch (KernelException e) {
      throw refusal(name, e);
    }
    if (!kernel.files().stat(fd).isDirectory()) {
      fd.close();
      throw refusal(name, null);
    }
    return fd;
  }

  private static LaminaException refusal(
      String name, @org.jspecify.annotations.Nullable KernelException cause) {
    return new LaminaException(
        ExitCode.BROKEN_TEMPLATE,
        "/"
            + name
            + " inside the container is not a directory"
            + (cause == null ? "" : ": " + cause.getMessage()),
        "Mount the container and put the directory back.",
        cause);
  }

  /** Makes an empty file and returns it for mounting on. */
  Fd file(String name) {
    Fd fd =
        kernel
            .files()
            .openBeneath(
                directory,
                name,
                FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_WRONLY,
                0644,
                FileCalls.RESOLVE_STRICT);
    kernel.files().chown(fd, root, root);
    return fd;
  }

  void link(String name, String target) {
    kernel.files().makeSymlink(directory, name, target);
    kernel.files().chownAt(directory, name, root, root);
  }

  /** Moves a detached mount onto something below and closes nothing. */
  void attach(Fd mount, String path) {
    try (Fd target = locate(path)) {
      kernel.mounts().attach(mount, target);
    }
  }

  /** Binds something below on itself with more restrictive attributes, if it exists. */
  void restrict(String path, int attributes) {
    try (Fd bind = kernel.mounts().cloneTreeAt(directory, path)) {
      kernel.mounts().setAttributes(bind, attributes, true);
      attach(bind, path);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
