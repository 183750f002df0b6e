package org.lamina.agent.sys;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Processes, signals and per-thread privileges. */
public interface ProcessCalls {
  int SIGHUP = 1;
  int SIGINT = 2;
  int SIGKILL = 9;
  int SIGUSR2 = 12;
  int SIGTERM = 15;
  int SIGPWR = 30;

  /**
   * A program to run.
   *
   * @param descriptors these become 0, 1, 2, ... in the program; everything else is closed
   * @param controllingTerminal path opened after setsid(2), which makes it the controlling terminal
   *     and descriptors 0, 1 and 2; null for none
   */
  record Program(
      List<String> argv,
      Map<String, String> env,
      List<Fd> descriptors,
      @Nullable String controllingTerminal) {}

  /**
   * posix_spawn(3) of an absolute path in a new session with default signals; attributes of the
   * calling thread (seccomp, bounding set) are inherited.
   *
   * @return the process id; the caller reaps it
   */
  int spawn(Program program);

  /**
   * waitpid(2) without waiting.
   *
   * @return the wait status, or null while it runs; ECHILD if it is not ours
   */
  @Nullable Integer reap(int pid);

  Fd pidfd(int pid);

  /** pidfd_getfd(2): a duplicate of another process's descriptor. */
  Fd takeDescriptor(Fd pidfd, int number);

  /** pidfd_send_signal(2). */
  void signal(Fd pidfd, int signal);

  /** kill(2) of a process group. */
  void signalGroup(int group, int signal);

  /** poll(2) for reading; true per descriptor that is readable or hung up. */
  boolean[] poll(int[] descriptors, int timeoutMillis);

  /** epoll_create1(2): a set of descriptors to wait for, however many. */
  Fd epoll();

  /** epoll_ctl(2): {@link #await} names the token while it is readable or hung up. */
  void watch(Fd epoll, Fd descriptor, long token);

  /** epoll_ctl(2): nothing of it is reported from now on. */
  void unwatch(Fd epoll, Fd descriptor);

  /** epoll_wait(2) without a limit of time: tokens of some that are ready; none if interrupted. */
  long[] await(Fd epoll);

  /**
   * Limits of one resource, see prlimit(2).
   *
   * @param soft what holds now
   * @param hard up to which a process may raise it
   */
  record ResourceLimit(long soft, long hard) {}

  /** prlimit(2) of RLIMIT_NOFILE; ESRCH if the process is gone. */
  ResourceLimit openFiles(int pid);

  /** Sets RLIMIT_NOFILE of another process. */
  void limitOpenFiles(int pid, ResourceLimit limit);

  /** Installs a seccomp filter (struct sock_filter array in native order), this thread. */
  void filterSystemCalls(byte[] program);

  /** prctl(PR_CAPBSET_DROP), this thread. */
  void dropFromBoundingSet(int capability);

  /**
   * Lets this thread run before all others (SCHED_FIFO; the best nice value where a cgroup has no
   * real-time share). For a few system calls on a thread that is thrown away: it starves others.
   */
  void runFirst();
}
