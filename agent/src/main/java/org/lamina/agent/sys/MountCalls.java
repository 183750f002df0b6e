package org.lamina.agent.sys;

import org.jspecify.annotations.Nullable;

/** Mount and namespace calls; see mount_setattr(2), move_mount(2), fsopen(2), setns(2). */
public interface MountCalls {
  /** MOUNT_ATTR_ flags. */
  int READ_ONLY = 0x1;

  int NO_SUID = 0x2;
  int NO_DEV = 0x4;
  int NO_EXEC = 0x8;
  int STRICT_ATIME = 0x20;
  int NO_DIR_ATIME = 0x80;
  int MNT_DETACH = 2;

  /** CLONE_NEW flags for {@link #enter}. */
  int NEW_CGROUP = 0x02000000;

  int NEW_NS = 0x00020000;
  int NEW_UTS = 0x04000000;
  int NEW_IPC = 0x08000000;
  int NEW_USER = 0x10000000;
  int NEW_PID = 0x20000000;
  int NEW_NET = 0x40000000;

  /** A new superblock, mounted detached. Options with a null value are flags. */
  record Option(String key, @Nullable String value) {}

  /** fsopen, fsconfig, fsmount: a detached mount of a new file system instance. */
  Fd mountDetached(String type, String source, Iterable<Option> options, int attributes);

  /** open_tree(OPEN_TREE_CLONE): a detached bind mount of a path. */
  Fd cloneTree(String path, boolean recursive);

  /** open_tree(OPEN_TREE_CLONE) of what a descriptor and a name in it denote. */
  Fd cloneTreeAt(Fd directory, String name);

  /** open_tree without clone: the attached mount at a path, for moving it. */
  Fd attachedTree(String path);

  /**
   * Adds attributes to a mount, recursively if asked for. {@link #READ_ONLY} fails with EBUSY while
   * a file is open for writing through the mount.
   */
  void setAttributes(Fd mount, int attributes, boolean recursive);

  /** Takes attributes off a mount. */
  void clearAttributes(Fd mount, int attributes);

  /** Maps the owners of a detached mount through a user namespace. */
  void mapOwners(Fd mount, Fd userNamespace);

  /** Sets MS_SHARED or MS_PRIVATE on a mount and everything below. */
  void setPropagation(Fd mount, boolean shared);

  /** move_mount onto what {@code target} denotes. */
  void attach(Fd mount, Fd target);

  /**
   * move_mount with MOVE_MOUNT_BENEATH (Linux 6.5): puts a mount under the topmost one at {@code
   * target}, so that detaching that one uncovers it without a gap.
   */
  void attachBeneath(Fd mount, Fd target);

  /**
   * Makes a whole file system instance read-only, wherever it is mounted (fspick, fsconfig). EBUSY
   * while anything on it is open for writing. An overlay writes all of its upper's file system to
   * the disk first, with writers refused already.
   */
  void makeReadOnly(Fd mountPoint);

  /** Gives a file system instance other options (fspick, fsconfig), all of them anew. */
  void reconfigure(Fd mountPoint, Iterable<Option> options);

  /** Detaches what is mounted on a name in a directory; changes this thread's directory. */
  void unmountAt(Fd directory, String name);

  /** umount2(2). */
  void unmount(String path, int flags);

  /**
   * Makes {@code root} the root of this thread's mount namespace, of every task in it that had the
   * old one, and detaches the old one; this thread.
   */
  void pivot(Fd root);

  /** setns(2), this thread. */
  void enter(Fd namespace, int type);

  /**
   * unshare(CLONE_NEWNS), this thread: it gets a copy of all mounts, from which nothing spreads and
   * to which nothing does.
   */
  void unshareMounts();

  /** unshare(CLONE_FS), this thread: root and working directory become its own. */
  void unshareFileSystemState();

  /** sethostname(2) in this thread's UTS namespace. */
  void setHostname(String hostname);
}
