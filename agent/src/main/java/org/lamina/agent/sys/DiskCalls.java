package org.lamina.agent.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Calls about space on file systems; see ioctl(2), quotactl(2), statfs(2). */
public interface DiskCalls {
  /** Quota type of project ids. */
  int PROJECT_QUOTA = 2;

  /**
   * Sizes of a file system as seen at one place in it.
   *
   * @param bytes as large as it is
   * @param free bytes that nobody uses, reserved ones included
   * @param available bytes that an ordinary user can still write
   * @param inodes 0 where they are not limited
   */
  record Space(long type, long bytes, long free, long available, long inodes, long freeInodes) {}

  /**
   * ioctl(2) with a structure in native byte order.
   *
   * @return the structure as the kernel left it
   */
  ByteBuffer control(Fd fd, String what, long request, ByteBuffer argument);

  /** ioctl(2) with a number. */
  void control(Fd fd, String what, long request, long argument);

  /**
   * quotactl_fd(2) on the file system that a descriptor is on.
   *
   * @param command without the type in its lowest byte
   * @return the structure as the kernel left it
   */
  ByteBuffer quota(Fd fd, String what, int command, int id, ByteBuffer argument);

  /** An empty structure in native byte order. */
  static ByteBuffer structure(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** fstatfs(2). */
  Space space(Fd fd);

  /** renameat2(2) with RENAME_EXCHANGE: both names change what they stand for at one instant. */
  void exchange(Fd directory, String one, String other);
}
