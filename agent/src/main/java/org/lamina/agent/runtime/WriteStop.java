package org.lamina.agent.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.MountCalls;

/**
 * Stops writing to a tree through every mount of it that is known, in whichever namespace. The
 * kernel refuses while a file is open for writing through a mount, so nothing can be lost.
 *
 * <p>Mounts are made read-only and not the file system: that would write everything dirty of the
 * host's disk first, which takes as long as others let it. Everything is opened beforehand; what
 * remains is one system call for the tree and two for each mount elsewhere. For one thread, whose
 * mount namespace changes.
 */
final class WriteStop implements AutoCloseable {
  /**
   * Beside read-only on mounts of other namespaces, to tell this from what a service had asked for
   * if a crash leaves it behind.
   */
  static final int MARK = MountCalls.NO_DIR_ATIME;

  /**
   * A mount to stop.
   *
   * @param pid a process in its namespace
   * @param path where, in that namespace
   */
  record Place(int pid, String path) {}

  /** A mount and its namespace, open. */
  private static final class Mount implements AutoCloseable {
    private final Fd namespace;
    private final String path;
    private final int attributes;
    private @Nullable Fd opened;

    Mount(Fd namespace, String path, int attributes) {
      this.namespace = namespace;
      this.path = path;
      this.attributes = attributes;
    }

    Fd mount() {
      return Objects.requireNonNull(opened);
    }

    @Override
    public void close() {
      if (opened != null) {
        opened.close();
      }
      namespace.close();
    }
  }

  private final Kernel kernel;

  /** The tree itself is the last. */
  private final List<Mount> mounts = new ArrayList<>();

  private WriteStop(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Opens them. The thread is in the tree's namespace afterwards, with a root and a working
   * directory of its own.
   *
   * @param tree where the tree is
   * @param elsewhere other mounts that can be written to; one whose process has gone is left out
   */
  static WriteStop prepare(Kernel kernel, Place tree, List<Place> elsewhere) {
    WriteStop stop = new WriteStop(kernel);
    try {
      // Everything of the host is opened, and every class loaded, before a namespace is entered:
      // then both are out of reach.
      for (Place place : elsewhere) {
        Fd namespace = stop.namespaceIfAny(place);
        if (namespace != null) {
          stop.mounts.add(new Mount(namespace, place.path(), MountCalls.READ_ONLY | MARK));
        }
      }
      stop.mounts.add(new Mount(stop.namespace(tree), tree.path(), MountCalls.READ_ONLY));
      long device = stop.device("/proc/" + tree.pid() + "/root" + tree.path());
      kernel.mounts().unshareFileSystemState();
      for (Mount mount : List.copyOf(stop.mounts)) {
        if (!stop.open(mount, device)) {
          mount.close();
          stop.mounts.remove(mount);
        }
      }
      return stop;
    } catch (RuntimeException e) {
      stop.close();
      throw e;
    }
  }

  private Fd namespace(Place place) {
    return kernel.files().open("/proc/" + place.pid() + "/ns/mnt", FileCalls.O_RDONLY, 0);
  }

  /** Null if its process has gone, and most likely the namespace too. */
  private @Nullable Fd namespaceIfAny(Place place) {
    try {
      return namespace(place);
    } catch (KernelException e) {
      return null;
    }
  }

  private long device(String path) {
    try (Fd fd = kernel.files().open(path, FileCalls.O_PATH, 0)) {
      return kernel.files().stat(fd).device();
    }
  }

  /**
   * False for what is not the tree's file system any more because something lies on top of it, for
   * a single file (which has its layer's device), and for what cannot be reached. The file system
   * as a whole is looked at later.
   */
  private boolean open(Mount mount, long device) {
    boolean last = mount == mounts.getLast();
    try {
      kernel.mounts().enter(mount.namespace, MountCalls.NEW_NS);
      mount.opened = kernel.files().open(mount.path, FileCalls.O_PATH, 0);
      return last || kernel.files().stat(mount.mount()).device() == device;
    } catch (KernelException e) {
      if (last) {
        throw e;
      }
      return false;
    }
  }

  /** The mount of the tree. */
  Fd tree() {
    return mounts.getLast().mount();
  }

  /**
   * Makes all of them read-only, or none.
   *
   * @return when writers were first refused, as {@link System#nanoTime}
   * @throws KernelException EBUSY if a file is open for writing
   */
  long stop() {
    long begun = System.nanoTime();
    int done = 0;
    try {
      for (Mount mount : mounts) {
        enter(mount);
        kernel.mounts().setAttributes(mount.mount(), mount.attributes, false);
        done++;
      }
      return begun;
    } catch (KernelException e) {
      allow(done);
      throw e;
    }
  }

  /** Undoes {@link #stop}. */
  void allow() {
    allow(mounts.size());
  }

  private void allow(int number) {
    for (Mount mount : mounts.subList(0, number)) {
      enter(mount);
      kernel.mounts().clearAttributes(mount.mount(), mount.attributes);
    }
    if (number < mounts.size()) {
      enter(mounts.getLast());
    }
  }

  /** With one mount, the thread is where it has to be already. */
  private void enter(Mount mount) {
    if (mounts.size() > 1) {
      kernel.mounts().enter(mount.namespace, MountCalls.NEW_NS);
    }
  }

  @Override
  public void close() {
    for (Mount mount : mounts) {
      mount.close();
    }
  }
}
