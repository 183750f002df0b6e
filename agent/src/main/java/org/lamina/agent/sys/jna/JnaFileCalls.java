package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.call;
import static org.lamina.agent.sys.jna.LibC.check;
import static org.lamina.agent.sys.jna.LibC.own;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;

final class JnaFileCalls implements FileCalls {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_PATH = 010000000;
  private static final int F_DUPFD_CLOEXEC = 1030;

  /** struct open_how: three 64-bit words, see openat2(2). */
  private static final int OPEN_HOW_BYTES = 24;

  @Override
  public Fd open(String path, int flags, int mode) {
    return openHow(AT_FDCWD, path, flags | O_CLOEXEC, mode, 0, "open " + path);
  }

  @Override
  public Fd openDirectory(String path) {
    return openHow(
        AT_FDCWD, path, O_PATH | O_CLOEXEC | Abi.HOST.openDirectory(), 0, 0, "open " + path);
  }

  @Override
  public Fd openBeneath(Fd directory, String path, int flags, int mode, int resolve) {
    return openHow(
        directory.number(), path, flags | O_CLOEXEC, mode, resolve, "open " + path + " inside");
  }

  @Override
  public Fd locate(Fd directory, String path, int resolve) {
    return openHow(
        directory.number(),
        path,
        O_PATH | O_CLOEXEC | Abi.HOST.openNoFollow(),
        0,
        resolve,
        "look up " + path + " inside");
  }

  private static Fd openHow(
      int directory, String path, int flags, int mode, int resolve, String what) {
    try (Memory how = new Memory(OPEN_HOW_BYTES);
        Memory name = LibC.string(path)) {
      how.setLong(0, flags);
      how.setLong(8, mode);
      how.setLong(16, resolve);
      while (true) {
        try {
          return own(call(what, Abi.OPENAT2, directory, name, how, new NativeLong(OPEN_HOW_BYTES)));
        } catch (org.lamina.agent.sys.KernelException e) {
          // openat2 with RESOLVE_ flags answers EAGAIN when a rename raced with the walk.
          if (!e.is(Errno.EAGAIN) || resolve == 0) {
            throw e;
          }
        }
      }
    }
  }

  @Override
  public Stat stat(Fd fd) {
    try (Memory stat = new Memory(256)) {
      check(C.fstat(fd.number(), stat), "fstat " + fd);
      int mode = Abi.HOST.statMode();
      boolean modeFirst = mode == 16;
      return new Stat(
          stat.getInt(mode),
          stat.getInt(modeFirst ? 24 : 28),
          stat.getInt(modeFirst ? 28 : 32),
          stat.getLong(0),
          stat.getLong(8),
          stat.getLong(Abi.HOST.statRdev()),
          stat.getLong(48),
          Instant.ofEpochSecond(stat.getLong(88), stat.getLong(96)));
    }
  }

  @Override
  public long fileSystemType(Fd fd) {
    try (Memory statfs = new Memory(256)) {
      check(C.fstatfs(fd.number(), statfs), "fstatfs " + fd);
      return statfs.getLong(0);
    }
  }

  @Override
  public void makeDirectory(Fd directory, String name, int mode) {
    check(C.mkdirat(directory.number(), name, mode), "mkdir " + name);
  }

  @Override
  public void makeNode(Fd directory, String name, int mode, long device) {
    check(C.mknodat(directory.number(), name, mode, device), "mknod " + name);
  }

  @Override
  public void makeSymlink(Fd directory, String name, String target) {
    check(C.symlinkat(target, directory.number(), name), "symlink " + name);
  }

  @Override
  public void setAttribute(Fd fd, String name, byte[] value) {
    try (Memory bytes = new Memory(Math.max(1, value.length))) {
      bytes.write(0, value, 0, value.length);
      check(
          C.fsetxattr(fd.number(), name, bytes, new NativeLong(value.length), 0),
          "setxattr " + name);
    }
  }

  @Override
  public void rename(Fd directory, String from, String to) {
    check(
        C.renameat(directory.number(), from, directory.number(), to),
        "rename " + from + " to " + to);
  }

  @Override
  public void move(Fd from, String name, Fd to) {
    check(C.renameat(from.number(), name, to.number(), name), "move " + name);
  }

  @Override
  public byte @Nullable [] attribute(Fd fd, String name) {
    try (Memory value = new Memory(65_536)) {
      long n = C.fgetxattr(fd.number(), name, value, new NativeLong(65_536)).longValue();
      if (n >= 0) {
        return value.getByteArray(0, (int) n);
      }
      int errno = Native.getLastError();
      if (errno == Errno.ENODATA || errno == Errno.EOPNOTSUPP) {
        return null;
      }
      throw LibC.failure("getxattr " + name, errno);
    }
  }

  @Override
  public List<String> attributeNames(Fd fd) {
    try (Memory names = new Memory(65_536)) {
      long n = C.flistxattr(fd.number(), names, new NativeLong(65_536)).longValue();
      if (n < 0) {
        int errno = Native.getLastError();
        if (errno == Errno.EOPNOTSUPP) {
          return List.of();
        }
        throw LibC.failure("listxattr " + fd, errno);
      }
      String all = new String(names.getByteArray(0, (int) n), StandardCharsets.UTF_8);
      return all.isEmpty() ? List.of() : List.of(all.split("\0"));
    }
  }

  @Override
  public void unlink(Fd directory, String name) {
    check(C.unlinkat(directory.number(), name, 0), "unlink " + name);
  }

  @Override
  public void removeDirectory(Fd directory, String name) {
    check(C.unlinkat(directory.number(), name, AT_REMOVEDIR), "rmdir " + name);
  }

  @Override
  public String readLink(Fd directory, String name) {
    try (Memory target = new Memory(4096)) {
      long n =
          check(
              C.readlinkat(directory.number(), name, target, new NativeLong(4096)),
              "readlink " + name);
      return new String(target.getByteArray(0, (int) n), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Override
  public void chown(Fd fd, int uid, int gid) {
    check(C.fchown(fd.number(), uid, gid), "chown " + fd);
  }

  @Override
  public void chownAt(Fd directory, String name, int uid, int gid) {
    check(C.fchownat(directory.number(), name, uid, gid, AT_SYMLINK_NOFOLLOW), "chown " + name);
  }

  @Override
  public void chmod(Fd fd, int mode) {
    check(C.fchmod(fd.number(), mode), "chmod " + fd);
  }

  @Override
  public void write(Fd fd, byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    try (Memory buffer = new Memory(bytes.length)) {
      buffer.write(0, bytes, 0, bytes.length);
      long done = 0;
      while (done < bytes.length) {
        done +=
            check(
                C.write(fd.number(), buffer.share(done), new NativeLong(bytes.length - done)),
                "write " + fd);
      }
    }
  }

  @Override
  public byte[] read(Fd fd, int limit) {
    try (Memory buffer = new Memory(limit)) {
      while (true) {
        long n = C.read(fd.number(), buffer, new NativeLong(limit)).longValue();
        if (n >= 0) {
          return buffer.getByteArray(0, (int) n);
        }
        int errno = Native.getLastError();
        if (errno != Errno.EINTR) {
          throw LibC.failure("read " + fd, errno);
        }
      }
    }
  }

  @Override
  public void sync(Fd fd) {
    check(C.fsync(fd.number()), "fsync " + fd);
  }

  @Override
  public void syncFileSystem(Fd fd) {
    check(C.syncfs(fd.number()), "syncfs " + fd);
  }

  @Override
  public Fd[] pipe() {
    int[] ends = new int[2];
    check(C.pipe2(ends, O_CLOEXEC), "pipe");
    return new Fd[] {own(ends[0]), own(ends[1])};
  }

  @Override
  public Fd memoryFile(String name) {
    int closeOnExec = 1;
    return own(check(C.memfd_create(name, closeOnExec), "memfd_create"));
  }

  @Override
  public Fd duplicate(int number) {
    return own(check(C.fcntl(number, F_DUPFD_CLOEXEC, 3), "duplicate fd " + number));
  }

  @Override
  public void actAs(int uid, int gid) {
    // Both return the previous id and never fail visibly; the group first, while still root.
    C.setfsgid(gid);
    C.setfsuid(uid);
    if (C.setfsgid(-1) != gid || C.setfsuid(-1) != uid) {
      throw LibC.failure("setfsuid " + uid, Errno.EPERM);
    }
  }
}
