package org.lamina.agent.disk;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.sys.DiskCalls;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.IdRange;

/**
 * Project quotas: every file made in a directory that has a project id and hands it down is counted
 * for that project. See quotactl(2) and ioctl_xfs_fsgetxattr(2); ext4 and XFS have them.
 */
record ProjectQuota(Kernel kernel) {
  private static final long FS_IOC_FSGETXATTR = 0x801c581fL;
  private static final long FS_IOC_FSSETXATTR = 0x401c5820L;
  private static final int FSXATTR_BYTES = 28;
  private static final int FS_XFLAG_PROJINHERIT = 0x200;

  private static final int Q_GETQUOTA = 0x800007;
  private static final int Q_SETQUOTA = 0x800008;
  private static final int Q_XGETQSTATV = 'X' << 8 | 8;
  private static final int DQBLK_BYTES = 72;
  private static final int QIF_LIMITS = 1 | 4;
  private static final int FS_QUOTA_PDQ_ENFD = 1 << 5;
  private static final int STATV_BYTES = 256;

  /** The ids of containers without a user namespace lie here, above those of all id ranges. */
  private static final int PRIVILEGED = 0x40000000;

  /** Whether the file system of a directory holds projects to their limits. */
  boolean enforced(Path directory) {
    try (Fd fd = open(directory)) {
      ByteBuffer state = DiskCalls.structure(STATV_BYTES).put(0, (byte) 1);
      ByteBuffer now = kernel.disks().quota(fd, "read the state of quotas", Q_XGETQSTATV, 0, state);
      return (now.getShort(2) & FS_QUOTA_PDQ_ENFD) != 0;
    } catch (KernelException e) {
      return false;
    }
  }

  /** The project that files made in a directory belong to, 0 for none. */
  int project(Path directory) {
    try (Fd fd = open(directory)) {
      ByteBuffer now = attributes(fd);
      return (now.getInt(0) & FS_XFLAG_PROJINHERIT) == 0 ? 0 : now.getInt(12);
    } catch (KernelException e) {
      return 0;
    }
  }

  /** Makes an empty directory the root of a project that nobody uses yet. */
  void assign(Path directory, IdRange ids) {
    try (Fd fd = open(directory)) {
      int project =
          ids.privileged()
              ? PRIVILEGED + (int) (kernel.files().stat(fd).inode() & 0x0ffffff0)
              : ids.base();
      // Left by a container that had the same ids: what still counts there is not ours.
      for (int i = 0; i < 16 && inUse(fd, project); i++) {
        project++;
      }
      put(fd, project);
    }
  }

  private void put(Fd fd, int project) {
    ByteBuffer next = attributes(fd);
    next.putInt(0, next.getInt(0) | FS_XFLAG_PROJINHERIT).putInt(12, project);
    kernel.disks().control(fd, "set the project of " + fd, FS_IOC_FSSETXATTR, next);
  }

  private ByteBuffer attributes(Fd fd) {
    ByteBuffer now =
        kernel
            .disks()
            .control(
                fd,
                "read the project of " + fd,
                FS_IOC_FSGETXATTR,
                DiskCalls.structure(FSXATTR_BYTES));
    return now;
  }

  private boolean inUse(Fd fd, int project) {
    ByteBuffer quota = quota(fd, project);
    return quota.getLong(16) != 0 || quota.getLong(40) != 0;
  }

  /** Limits that are null are taken off. */
  void limit(Path directory, DiskLimits limits) {
    try (Fd fd = open(directory)) {
      ByteBuffer quota = DiskCalls.structure(DQBLK_BYTES);
      quota.putLong(0, kibibytes(limits.space()));
      quota.putLong(8, kibibytes(limits.softSpace()));
      quota.putLong(24, count(limits.inodes()));
      quota.putLong(32, count(limits.softInodes()));
      quota.putInt(64, QIF_LIMITS);
      kernel.disks().quota(fd, "set a quota", Q_SETQUOTA, project(directory), quota);
    }
  }

  DiskUsage usage(Path directory) {
    try (Fd fd = open(directory)) {
      ByteBuffer quota = quota(fd, project(directory));
      return new DiskUsage(
          quota.getLong(16),
          limit(quota.getLong(0) * 1024),
          quota.getLong(40),
          limit(quota.getLong(24)));
    }
  }

  /** Gives the limits of a project back that is about to have no files. */
  void release(Path directory) {
    if (project(directory) != 0) {
      limit(directory, DiskLimits.NONE);
    }
  }

  private static @Nullable Long limit(long value) {
    return value == 0 ? null : value;
  }

  /** Zero is no limit to the kernel. */
  private static long kibibytes(@Nullable Long bytes) {
    return count(bytes) / 1024;
  }

  private static long count(@Nullable Long value) {
    return value == null || value == Long.MAX_VALUE ? 0 : value;
  }

  private ByteBuffer quota(Fd fd, int project) {
    try {
      ByteBuffer now =
          kernel
              .disks()
              .quota(fd, "read a quota", Q_GETQUOTA, project, DiskCalls.structure(DQBLK_BYTES));
      return now;
    } catch (KernelException e) {
      // XFS has nothing to say of a project that never had a file.
      if (e.is(Errno.ENOENT)) {
        return DiskCalls.structure(DQBLK_BYTES);
      }
      throw e;
    }
  }

  private Fd open(Path directory) {
    return kernel.files().open(directory.toString(), FileCalls.O_RDONLY, 0);
  }
}
