package org.lamina.agent.mount;

import static org.lamina.agent.sys.MountCalls.NEW_NS;
import static org.lamina.agent.sys.MountCalls.NO_DEV;
import static org.lamina.agent.sys.MountCalls.NO_EXEC;
import static org.lamina.agent.sys.MountCalls.NO_SUID;
import static org.lamina.agent.sys.MountCalls.READ_ONLY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Directories and files of the host in the mount namespace of a running container, or of one that
 * is about to run. The way to the target follows no link that the inside may have put there.
 *
 * @param init its first process
 * @param owner host id of root inside
 * @param area the container's private area
 */
public record BindMounts(Kernel kernel, Ctid ctid, int init, int owner, Path area) {
  /** Mounts one; missing directories on the way inside are made. */
  public void attach(BindMount mount) {
    try (Fd clone = source(mount)) {
      boolean directory = kernel.files().stat(clone).isDirectory();
      inside(root -> {
        try (Fd target = target(root, mount.target(), directory)) {
          kernel.mounts().attach(clone, target);
        }
      });
    } catch (KernelException e) {
      throw failed(mount.target(), e.getMessage(), e);
    }
  }

  /**
   * Takes away what is mounted at a path inside.
   *
   * @return false if nothing was mounted there
   */
  public boolean detach(String path) {
    boolean[] done = new boolean[1];
    int slash = path.lastIndexOf('/');
    try {
      inside(root -> {
        String above = slash == 0 ? "." : path.substring(1, slash);
        try (Fd parent = kernel.files().locate(root, above, FileCalls.RESOLVE_STRICT)) {
          kernel.mounts().unmountAt(parent, path.substring(slash + 1));
          done[0] = true;
        }
      });
    } catch (KernelException e) {
      // No mount, or the inside took the whole way away.
      if (!e.is(Errno.EINVAL)
          && !e.is(Errno.ENOENT)
          && !e.is(Errno.ELOOP)
          && !e.is(Errno.ENOTDIR)) {
        throw failed(path, e.getMessage(), e);
      }
    }
    return done[0];
  }

  private Fd source(BindMount mount) {
    String given = mount.source();
    Path source = given == null ? own(mount.target()) : Path.of(given);
    if (!Files.exists(source)) {
      throw failed(mount.target(), source + " does not exist on the host", null);
    }
    Fd clone = kernel.mounts().cloneTree(source.toString(), false);
    int attributes = NO_DEV;
    for (BindMount.Option option : mount.options()) {
      attributes |=
          switch (option) {
            case RO -> READ_ONLY;
            case NOSUID -> NO_SUID;
            case NODEV -> NO_DEV;
            case NOEXEC -> NO_EXEC;
          };
    }
    try {
      kernel.mounts().setAttributes(clone, attributes, false);
      return clone;
    } catch (RuntimeException e) {
      clone.close();
      throw e;
    }
  }

  /** A directory of the container's own, beside its root file system and within its limits. */
  private Path own(String target) {
    String name = target.substring(1).replace('/', '-');
    // Of an earlier release, which had them outside of what is limited.
    Path former = area.resolve("mnt").resolve(name);
    Path directory =
        Files.isDirectory(former, LinkOption.NOFOLLOW_LINKS)
            ? former
            : area.resolve("delta/mnt").resolve(name);
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        try (Fd fd = kernel.files().open(directory.toString(), FileCalls.O_RDONLY, 0)) {
          kernel.files().chown(fd, owner, owner);
        }
      }
      return directory;
    } catch (IOException e) {
      throw failed(target, "cannot make " + directory + ": " + e.getMessage(), e);
    }
  }

  private void inside(Consumer<Fd> work) {
    KernelThread.run(
        "lamina-bind-" + init,
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

  private Fd target(Fd root, String path, boolean directory) {
    String[] names = path.substring(1).split("/");
    Fd at = kernel.files().locate(root, ".", FileCalls.RESOLVE_STRICT);
    try {
      for (int i = 0; i < names.length; i++) {
        Tree tree = new Tree(kernel, at, owner);
        boolean last = i == names.length - 1;
        Fd next = last && !directory ? file(tree, names[i]) : tree.mountPoint(names[i]);
        at.close();
        at = next;
      }
      return at;
    } catch (RuntimeException e) {
      at.close();
      throw e;
    }
  }

  private Fd file(Tree tree, String name) {
    try {
      return tree.file(name);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    Fd fd = tree.locate(name);
    if (!kernel.files().stat(fd).isRegular()) {
      fd.close();
      throw failed(name, "that is no regular file inside", null);
    }
    return fd;
  }

  private LaminaException failed(String target, @Nullable String why, @Nullable Throwable cause) {
    return new LaminaException(
        ExitCode.ENVIRONMENT_FAILED,
        "cannot bind " + target + " in container " + ctid + ": " + why,
        null,
        cause);
  }
}
