package org.lamina.agent.cgroup;

/** Ends one process at once. */
@FunctionalInterface
public interface Killer {
  /** By the JDK, which checks the start time so that a reused process id is not hit. */
  Killer PROCESS_HANDLE =
      pid -> ProcessHandle.of(pid).ifPresent(process -> process.destroyForcibly());

  /**
   * Sends SIGKILL; does nothing if the process is gone.
   *
   * @param pid process id on the host, above 1
   */
  void kill(int pid);
}
