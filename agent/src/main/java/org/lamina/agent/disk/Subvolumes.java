package org.lamina.agent.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.sys.DiskCalls;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;

/**
 * Subvolumes of btrfs and their quota groups, by the ioctls of linux/btrfs.h. The group of a
 * subvolume is 0/ID and comes with it.
 */
record Subvolumes(Kernel kernel) {
  private static final long MAGIC = 0x9123683EL;
  private static final long SUBVOL_CREATE = 0x5000940eL;
  private static final long SNAP_DESTROY = 0x5000940fL;
  private static final long TREE_SEARCH = 0xd0009411L;
  private static final long INO_LOOKUP = 0xd0009412L;
  private static final long QUOTA_CTL = 0xc0109428L;
  private static final long QGROUP_CREATE = 0x4010942aL;
  private static final long QGROUP_LIMIT = 0x8030942bL;
  private static final long QUOTA_RESCAN_WAIT = 0x942eL;

  private static final int PAGE = 4096;

  /** Every subvolume's root directory has this number. */
  private static final long ROOT_INODE = 256;

  private static final long QUOTA_TREE = 8;
  private static final int STATUS_ITEM = 240;
  private static final int INFO_ITEM = 242;
  private static final int LIMIT_ITEM = 244;
  private static final long STATUS_ON = 1;
  private static final long MAX_REFERENCED = 1;

  /** Takes a limit off. */
  private static final long CLEAR = -1;

  /** Whether a directory is on btrfs. */
  boolean possible(Path directory) {
    try (Fd fd = open(directory)) {
      return kernel.disks().space(fd).type() == MAGIC;
    } catch (KernelException e) {
      return false;
    }
  }

  boolean isSubvolume(Path directory) {
    try (Fd fd = open(directory)) {
      return kernel.files().stat(fd).inode() == ROOT_INODE
          && kernel.disks().space(fd).type() == MAGIC;
    } catch (KernelException e) {
      return false;
    }
  }

  void create(Path parent, String name) {
    try (Fd fd = open(parent)) {
      kernel.disks().control(fd, "make the subvolume " + name, SUBVOL_CREATE, named(name));
    }
  }

  /** Deletes one with everything in it, and its quota group. */
  void delete(Path parent, String name) {
    long group;
    try (Fd fd = open(parent.resolve(name))) {
      group = id(fd);
    }
    try (Fd fd = open(parent)) {
      kernel.disks().control(fd, "delete the subvolume " + name, SNAP_DESTROY, named(name));
      try {
        ByteBuffer destroy = DiskCalls.structure(16).putLong(8, group);
        kernel.disks().control(fd, "delete a quota group", QGROUP_CREATE, destroy);
      } catch (KernelException e) {
        // Quotas are off, or the kernel does it itself when the last of the files is gone.
      }
    }
  }

  /** Switches quotas on where they are off; they are a property of the whole file system. */
  boolean enable(Path directory) {
    try (Fd fd = open(directory)) {
      if (enabled(fd)) {
        return false;
      }
      kernel
          .disks()
          .control(fd, "switch quotas on", QUOTA_CTL, DiskCalls.structure(16).putLong(0, 1));
      kernel.disks().control(fd, "count what is there", QUOTA_RESCAN_WAIT, 0);
      return true;
    }
  }

  private boolean enabled(Fd fd) {
    return item(fd, STATUS_ITEM, 0)
        .filter(status -> (status.getLong(16) & STATUS_ON) != 0)
        .isPresent();
  }

  /**
   * @param bytes null for no limit
   */
  void limit(Path subvolume, @Nullable Long bytes) {
    // By the directory above: a change is a write, and in a full subvolume there is no room for
    // one.
    try (Fd fd = open(subvolume);
        Fd above = open(subvolume.resolveSibling(""))) {
      if (bytes == null && !enabled(fd)) {
        return;
      }
      ByteBuffer limit = DiskCalls.structure(48);
      limit.putLong(0, id(fd)).putLong(8, MAX_REFERENCED);
      limit.putLong(16, bytes == null ? CLEAR : bytes);
      kernel.disks().control(above, "limit a quota group", QGROUP_LIMIT, limit);
    }
  }

  /** As of the last commit, which is at most half a minute ago; empty where nothing is counted. */
  Optional<DiskUsage> usage(Path subvolume) {
    try (Fd fd = open(subvolume)) {
      long group = id(fd);
      return item(fd, INFO_ITEM, group)
          .map(info ->
              new DiskUsage(
                  info.getLong(8),
                  item(fd, LIMIT_ITEM, group)
                      .filter(limit -> (limit.getLong(0) & MAX_REFERENCED) != 0)
                      .map(limit -> Long.valueOf(limit.getLong(8)))
                      .orElse(null),
                  null,
                  null));
    }
  }

  /** One item of the quota tree. */
  private Optional<ByteBuffer> item(Fd fd, int type, long group) {
    ByteBuffer search = DiskCalls.structure(PAGE);
    search.putLong(0, QUOTA_TREE);
    search.putLong(8, 0).putLong(16, 0); // object ids
    search.putLong(24, group).putLong(32, group); // offsets
    search.putLong(40, 0).putLong(48, -1); // transactions
    search.putInt(56, type).putInt(60, type).putInt(64, 1);
    try {
      ByteBuffer found = kernel.disks().control(fd, "read quota groups", TREE_SEARCH, search);
      int header = 104;
      return found.getInt(64) == 0
          ? Optional.empty()
          : Optional.of(
              found.slice(header + 32, PAGE - header - 32).order(ByteOrder.LITTLE_ENDIAN));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private long id(Fd fd) {
    ByteBuffer lookup = DiskCalls.structure(PAGE).putLong(8, ROOT_INODE);
    return kernel.disks().control(fd, "look a subvolume up", INO_LOOKUP, lookup).getLong(0);
  }

  private static ByteBuffer named(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return DiskCalls.structure(PAGE).put(8, bytes);
  }

  private Fd open(Path directory) {
    return kernel.files().open(directory.toString(), FileCalls.O_RDONLY, 0);
  }
}
