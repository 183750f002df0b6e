package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.call;
import static org.lamina.agent.sys.jna.LibC.check;
import static org.lamina.agent.sys.jna.LibC.own;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.ProcessCalls;

final class JnaProcessCalls implements ProcessCalls {
  /** At least sizeof(posix_spawn_file_actions_t), posix_spawnattr_t and sigset_t of glibc. */
  private static final int OPAQUE_BYTES = 512;

  private static final short SPAWN_FLAGS = 0x04 | 0x08 | 0x80; // SETSIGDEF, SETSIGMASK, SETSID
  private static final int O_RDWR = 2;
  private static final int WNOHANG = 1;
  private static final int POLLIN = 1;
  private static final int EPOLL_CLOEXEC = 02000000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final long EPOLL_EVENT_BYTES = Abi.HOST.epollData() + 8L;
  private static final int AT_ONCE = 64;
  private static final int RLIMIT_NOFILE = 7;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int FILTER_BYTES = 8;
  private static final int SCHED_FIFO = 1;
  private static final int PRIO_PROCESS = 0;
  private static final int BEST_NICE = -20;

  @Override
  public int spawn(Program program) {
    try (Memory actions = new Memory(OPAQUE_BYTES);
        Memory attributes = new Memory(OPAQUE_BYTES);
        Memory signals = new Memory(OPAQUE_BYTES)) {
      C.posix_spawn_file_actions_init(actions);
      C.posix_spawnattr_init(attributes);
      // Descriptors must outlive the call: the list keeps the duplicates alive until then.
      List<Fd> lifted = new ArrayList<>();
      try {
        describeDescriptors(program, actions, lifted);
        C.posix_spawnattr_setflags(attributes, SPAWN_FLAGS);
        C.sigemptyset(signals);
        C.posix_spawnattr_setsigmask(attributes, signals);
        C.sigfillset(signals);
        C.posix_spawnattr_setsigdefault(attributes, signals);
        List<String> env =
            program.env().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        IntByReference pid = new IntByReference();
        try (StringVector argv = new StringVector(program.argv());
            StringVector envp = new StringVector(env)) {
          String path = program.argv().getFirst();
          int error = C.posix_spawn(pid, path, actions, attributes, argv.pointer(), envp.pointer());
          if (error != 0) {
            throw LibC.failure("run " + path, error);
          }
        }
        return pid.getValue();
      } finally {
        lifted.forEach(Fd::close);
        C.posix_spawn_file_actions_destroy(actions);
        C.posix_spawnattr_destroy(attributes);
      }
    }
  }

  private static void describeDescriptors(Program program, Memory actions, List<Fd> lifted) {
    int target = 0;
    String terminal = program.controllingTerminal();
    if (terminal != null) {
      // Opening a terminal as session leader makes it the controlling one, see tty(4).
      C.posix_spawn_file_actions_addopen(actions, 0, terminal, O_RDWR, 0);
      C.posix_spawn_file_actions_adddup2(actions, 0, 1);
      C.posix_spawn_file_actions_adddup2(actions, 0, 2);
      target = 3;
    }
    int above = target + program.descriptors().size();
    for (Fd fd : program.descriptors()) {
      // A source below a later target would be overwritten before its turn; lift all out of the
      // way.
      Fd copy = duplicateAbove(fd, above);
      lifted.add(copy);
      C.posix_spawn_file_actions_adddup2(actions, copy.number(), target++);
    }
    C.posix_spawn_file_actions_addclosefrom_np(actions, target);
  }

  private static Fd duplicateAbove(Fd fd, int least) {
    int dupfdCloexec = 1030;
    return own(check(C.fcntl(fd.number(), dupfdCloexec, least), "duplicate " + fd));
  }

  /** A NULL-terminated array of strings in native memory. */
  private static final class StringVector implements AutoCloseable {
    private final Memory vector;
    private final List<Memory> strings = new ArrayList<>();

    StringVector(List<String> values) {
      vector = new Memory((values.size() + 1L) * Native.POINTER_SIZE);
      for (String value : values) {
        Memory text = LibC.string(value);
        vector.setPointer((long) strings.size() * Native.POINTER_SIZE, text);
        strings.add(text);
      }
      vector.setPointer((long) strings.size() * Native.POINTER_SIZE, Pointer.NULL);
    }

    Pointer pointer() {
      return vector;
    }

    @Override
    public void close() {
      strings.forEach(Memory::close);
      vector.close();
    }
  }

  @Override
  public @Nullable Integer reap(int pid) {
    IntByReference status = new IntByReference();
    int result = check(C.waitpid(pid, status, WNOHANG), "waitpid " + pid);
    return result == 0 ? null : status.getValue();
  }

  @Override
  public Fd pidfd(int pid) {
    return own(call("pidfd_open " + pid, Abi.PIDFD_OPEN, pid, 0));
  }

  @Override
  public Fd takeDescriptor(Fd pidfd, int number) {
    return own(call("pidfd_getfd " + number, Abi.PIDFD_GETFD, pidfd.number(), number, 0));
  }

  @Override
  public void signal(Fd pidfd, int signal) {
    call("signal " + signal, Abi.PIDFD_SEND_SIGNAL, pidfd.number(), signal, Pointer.NULL, 0);
  }

  @Override
  public void signalGroup(int group, int signal) {
    if (group <= 1) {
      throw new IllegalArgumentException("not a process group of ours: " + group);
    }
    check(C.kill(-group, signal), "kill group " + group);
  }

  @Override
  public boolean[] poll(int[] descriptors, int timeoutMillis) {
    boolean[] ready = new boolean[descriptors.length];
    try (Memory fds = new Memory(Math.max(1, descriptors.length) * 8L)) {
      for (int i = 0; i < descriptors.length; i++) {
        fds.setInt(i * 8L, descriptors[i]);
        fds.setInt(i * 8L + 4, POLLIN);
      }
      int n = C.poll(fds, new NativeLong(descriptors.length), timeoutMillis);
      if (n == -1) {
        int errno = Native.getLastError();
        if (errno == Errno.EINTR) {
          return ready;
        }
        throw LibC.failure("poll", errno);
      }
      for (int i = 0; i < descriptors.length; i++) {
        ready[i] = fds.getShort(i * 8L + 6) != 0;
      }
      return ready;
    }
  }

  @Override
  public Fd epoll() {
    return own(check(C.epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
  }

  @Override
  public void watch(Fd epoll, Fd descriptor, long token) {
    // Read once: as soon as it is watched, whoever waits may close it.
    int number = descriptor.number();
    try (Memory event = new Memory(EPOLL_EVENT_BYTES)) {
      event.setInt(0, POLLIN);
      event.setLong(Abi.HOST.epollData(), token);
      check(C.epoll_ctl(epoll.number(), EPOLL_CTL_ADD, number, event), "epoll_ctl add " + number);
    }
  }

  @Override
  public void unwatch(Fd epoll, Fd descriptor) {
    int number = descriptor.number();
    check(
        C.epoll_ctl(epoll.number(), EPOLL_CTL_DEL, number, Pointer.NULL),
        "epoll_ctl delete " + number);
  }

  @Override
  public long[] await(Fd epoll) {
    try (Memory events = new Memory(AT_ONCE * EPOLL_EVENT_BYTES)) {
      int n = C.epoll_wait(epoll.number(), events, AT_ONCE, -1);
      if (n == -1) {
        int errno = Native.getLastError();
        if (errno == Errno.EINTR) {
          return new long[0];
        }
        throw LibC.failure("epoll_wait", errno);
      }
      long[] tokens = new long[n];
      for (int i = 0; i < n; i++) {
        tokens[i] = events.getLong(i * EPOLL_EVENT_BYTES + Abi.HOST.epollData());
      }
      return tokens;
    }
  }

  @Override
  public void filterSystemCalls(byte[] program) {
    try (Memory filter = new Memory(program.length);
        Memory description = new Memory(16)) {
      filter.write(0, program, 0, program.length);
      description.clear();
      description.setShort(0, (short) (program.length / FILTER_BYTES));
      description.setPointer(8, filter);
      call("seccomp", Abi.HOST.seccomp(), SECCOMP_SET_MODE_FILTER, 0, description);
    }
  }

  @Override
  public ResourceLimit openFiles(int pid) {
    try (Memory limit = new Memory(16)) {
      check(C.prlimit(pid, RLIMIT_NOFILE, Pointer.NULL, limit), "prlimit " + pid);
      return new ResourceLimit(limit.getLong(0), limit.getLong(8));
    }
  }

  @Override
  public void limitOpenFiles(int pid, ResourceLimit wanted) {
    try (Memory limit = new Memory(16)) {
      limit.setLong(0, wanted.soft());
      limit.setLong(8, wanted.hard());
      check(C.prlimit(pid, RLIMIT_NOFILE, limit, Pointer.NULL), "prlimit " + pid);
    }
  }

  @Override
  public void dropFromBoundingSet(int capability) {
    check(
        C.prctl(
            PR_CAPBSET_DROP,
            new NativeLong(capability),
            new NativeLong(0),
            new NativeLong(0),
            new NativeLong(0)),
        "drop capability " + capability);
  }

  @Override
  public void runFirst() {
    try (Memory param = new Memory(Integer.BYTES)) {
      param.setInt(0, 1); // struct sched_param: the lowest real-time priority is above all others
      if (C.sched_setscheduler(0, SCHED_FIFO, param) == -1) {
        check(C.setpriority(PRIO_PROCESS, 0, BEST_NICE), "setpriority");
      }
    }
  }
}
