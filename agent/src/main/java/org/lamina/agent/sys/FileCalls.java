package org.lamina.agent.sys;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** File system calls that {@code java.nio} cannot express: descriptor-relative and link-safe. */
public interface FileCalls {
  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_RDWR = 2;
  int O_CREAT = 0100;
  int O_EXCL = 0200;
  int O_NOCTTY = 0400;
  int O_TRUNC = 01000;
  int O_NONBLOCK = 04000;
  int O_PATH = 010000000;

  /** open_how.resolve flags, see openat2(2). */
  int RESOLVE_NO_MAGICLINKS = 0x02;

  int RESOLVE_NO_SYMLINKS = 0x04;
  int RESOLVE_BENEATH = 0x08;
  int RESOLVE_IN_ROOT = 0x10;

  /** Never leaves the directory and follows no link of any kind. */
  int RESOLVE_STRICT = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;

  /**
   * What fstat(2) tells.
   *
   * @param modified when the content was last changed
   */
  record Stat(
      int mode, int uid, int gid, long device, long inode, long rdev, long size, Instant modified) {
    private static final int S_IFMT = 0170000;

    public boolean isDirectory() {
      return (mode & S_IFMT) == 0040000;
    }

    public boolean isSymlink() {
      return (mode & S_IFMT) == 0120000;
    }

    public boolean isRegular() {
      return (mode & S_IFMT) == 0100000;
    }

    public boolean isBlockDevice() {
      return (mode & S_IFMT) == 0060000;
    }

    public boolean isCharacterDevice() {
      return (mode & S_IFMT) == 0020000;
    }
  }

  /** open(2); O_CLOEXEC is always added. */
  Fd open(String path, int flags, int mode);

  /** An O_PATH descriptor of a directory, following links as the caller's path has them. */
  Fd openDirectory(String path);

  /** openat2(2) with {@code resolve}; O_CLOEXEC is always added. */
  Fd openBeneath(Fd directory, String path, int flags, int mode, int resolve);

  /** openat2(2) for an O_PATH descriptor of whatever is at the path. */
  Fd locate(Fd directory, String path, int resolve);

  Stat stat(Fd fd);

  /** f_type of fstatfs(2). */
  long fileSystemType(Fd fd);

  void makeDirectory(Fd directory, String name, int mode);

  /** mknodat(2). */
  void makeNode(Fd directory, String name, int mode, long device);

  void makeSymlink(Fd directory, String name, String target);

  /** fsetxattr(2). */
  void setAttribute(Fd fd, String name, byte[] value);

  void rename(Fd directory, String from, String to);

  /** renameat(2) between two directories, the same name in both. */
  void move(Fd from, String name, Fd to);

  void unlink(Fd directory, String name);

  void removeDirectory(Fd directory, String name);

  /** Target of a symbolic link. */
  String readLink(Fd directory, String name);

  void chown(Fd fd, int uid, int gid);

  /** fchownat(2) without following a link. */
  void chownAt(Fd directory, String name, int uid, int gid);

  void chmod(Fd fd, int mode);

  /** fgetxattr(2) of a value up to 64 KiB; null if there is no such attribute. */
  byte @Nullable [] attribute(Fd fd, String name);

  /** flistxattr(2); nothing where the file system has no attributes. */
  List<String> attributeNames(Fd fd);

  /** Writes all bytes. */
  void write(Fd fd, byte[] bytes);

  /** At most {@code limit} bytes; empty at end of file. */
  byte[] read(Fd fd, int limit);

  void sync(Fd fd);

  /** syncfs(2): everything of the file system that the descriptor is on. */
  void syncFileSystem(Fd fd);

  /** A pipe: element 0 for reading, 1 for writing. */
  Fd[] pipe();

  /** memfd_create(2): a file in memory that is gone with its last descriptor. */
  Fd memoryFile(String name);

  /** A duplicate of a descriptor of this process. */
  Fd duplicate(int number);

  /** setfsuid(2) and setfsgid(2), this thread: file access as that user. */
  void actAs(int uid, int gid);
}
