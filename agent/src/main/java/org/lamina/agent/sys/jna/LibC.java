package org.lamina.agent.sys.jna;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.KernelException;

/** The C library as its headers have it; errno is kept per thread by JNA. */
@SuppressWarnings("checkstyle:MethodName")
interface LibC extends Library {
  LibC C = Native.load("c", LibC.class);

  int close(int fd);

  int fchown(int fd, int uid, int gid);

  int fchownat(int dirfd, String path, int uid, int gid, int flags);

  int fchmod(int fd, int mode);

  int fsync(int fd);

  int syncfs(int fd);

  int mkdirat(int dirfd, String path, int mode);

  int mknodat(int dirfd, String path, int mode, long device);

  int symlinkat(String target, int dirfd, String path);

  int renameat(int olddir, String from, int newdir, String to);

  int unlinkat(int dirfd, String path, int flags);

  int fsetxattr(int fd, String name, Pointer value, NativeLong size, int flags);

  NativeLong fgetxattr(int fd, String name, Pointer value, NativeLong size);

  NativeLong flistxattr(int fd, Pointer names, NativeLong size);

  NativeLong readlinkat(int dirfd, String path, Pointer buffer, NativeLong size);

  int fstat(int fd, Pointer stat);

  int fstatfs(int fd, Pointer statfs);

  NativeLong read(int fd, Pointer buffer, NativeLong count);

  NativeLong write(int fd, Pointer buffer, NativeLong count);

  int pipe2(int[] fds, int flags);

  int memfd_create(String name, int flags);

  int fcntl(int fd, int command, Object... args);

  int setfsuid(int uid);

  int setfsgid(int gid);

  int umount2(String path, int flags);

  int setns(int fd, int type);

  int unshare(int flags);

  int fchdir(int fd);

  int chdir(String path);

  int sethostname(Pointer name, NativeLong length);

  int posix_spawn(
      IntByReference pid,
      String path,
      Pointer actions,
      Pointer attributes,
      Pointer argv,
      Pointer envp);

  int posix_spawn_file_actions_init(Pointer actions);

  int posix_spawn_file_actions_destroy(Pointer actions);

  int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  int posix_spawn_file_actions_addopen(Pointer actions, int fd, String path, int flags, int mode);

  int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

  int posix_spawnattr_init(Pointer attributes);

  int posix_spawnattr_destroy(Pointer attributes);

  int posix_spawnattr_setflags(Pointer attributes, short flags);

  int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

  int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

  int sigemptyset(Pointer set);

  int sigfillset(Pointer set);

  int waitpid(int pid, IntByReference status, int options);

  int kill(int pid, int signal);

  int poll(Pointer fds, NativeLong count, int timeout);

  int epoll_create1(int flags);

  int epoll_ctl(int epoll, int operation, int fd, Pointer event);

  int epoll_wait(int epoll, Pointer events, int most, int timeout);

  int prlimit(int pid, int resource, Pointer wanted, Pointer now);

  int prctl(int option, Object... args);

  int sched_setscheduler(int pid, int policy, Pointer param);

  int setpriority(int which, int who, int priority);

  int socket(int domain, int type, int protocol);

  int bind(int fd, Pointer address, int length);

  int setsockopt(int fd, int level, int option, Pointer value, int length);

  NativeLong recvmsg(int fd, Pointer message, int flags);

  NativeLong sendmsg(int fd, Pointer message, int flags);

  int ioctl(int fd, NativeLong request, Object... args);

  NativeLong syscall(NativeLong number, Object... args);

  String strerror(int errno);

  /** Turns a result of -1 into an exception that names the call; passes anything else through. */
  static int check(int result, String call) {
    if (result == -1) {
      throw failure(call, Native.getLastError());
    }
    return result;
  }

  static long check(NativeLong result, String call) {
    long value = result.longValue();
    if (value == -1) {
      throw failure(call, Native.getLastError());
    }
    return value;
  }

  static KernelException failure(String call, int errno) {
    return new KernelException(call, errno, C.strerror(errno));
  }

  /** A system call without a C library wrapper in all supported versions. */
  static long call(String what, long number, Object... args) {
    return check(C.syscall(new NativeLong(number), args), what);
  }

  static Fd own(long number) {
    return new Fd((int) number, n -> C.close(n));
  }

  /** A NUL-terminated UTF-8 string that native code may keep while the Memory is reachable. */
  static Memory string(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  static @Nullable Memory stringOrNull(@Nullable String text) {
    return text == null ? null : string(text);
  }
}
