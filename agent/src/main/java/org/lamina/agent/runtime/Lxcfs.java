package org.lamina.agent.runtime;

import static org.lamina.agent.sys.MountCalls.NEW_NS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lamina.agent.cgroup.CgroupHost;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.agent.sys.ProcessCalls.Program;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * One instance of lxcfs for all containers of this daemon, in a mount and control group of its own.
 * It outlives the daemon and is found again by a file in the run directory.
 */
final class Lxcfs {
  private static final String CGROUP = "lxcfs";
  private static final String VIEW = "/run/view";

  /** Milliseconds on a quiet host; one that is booting may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * A running lxcfs.
   *
   * @param start its start time in clock ticks, which tells it from a later process
   */
  record Instance(int pid, long start) {
    boolean alive() {
      return ProcFs.HOST
          .stat(pid)
          .filter(stat -> stat.startTicks() == start && !stat.ended())
          .isPresent();
    }
  }

  private final Kernel kernel;
  private final RuntimeConfig config;
  private final Processes processes;
  private final CgroupHost cgroups;

  Lxcfs(Kernel kernel, RuntimeConfig config, Processes processes, CgroupHost cgroups) {
    this.kernel = kernel;
    this.config = config;
    this.processes = processes;
    this.cgroups = cgroups;
  }

  /** Whether the program is on this host. */
  boolean installed() {
    return Files.isExecutable(config.lxcfs());
  }

  /** The one that an earlier daemon or this one started, if it still runs. */
  Optional<Instance> find() {
    try {
      String[] words = Files.readString(file()).strip().split(" ");
      return Optional.of(new Instance(Integer.parseInt(words[0]), Long.parseLong(words[1])))
          .filter(Instance::alive);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  CompletableFuture<Integer> watch(Instance instance) {
    return processes.watch(instance.pid());
  }

  /**
   * Starts one and returns when it answers.
   *
   * @throws LaminaException if it does not within half a minute; it is ended then
   */
  Instance start() {
    killStrays();
    int pid = spawn();
    CompletableFuture<Integer> exit = processes.watch(pid);
    Instance instance =
        new Instance(pid, ProcFs.HOST.stat(pid).map(stat -> stat.startTicks()).orElse(0L));
    try {
      // Before it answers: what is killed now must be found.
      Files.writeString(file(), instance.pid() + " " + instance.start() + "\n");
    } catch (IOException e) {
      end(instance, exit);
      throw failed(String.valueOf(e.getMessage()), e);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    // In the eyes of that process: its mounts are its own.
    Path sign = Path.of("/proc", Integer.toString(pid), "root", VIEW, "proc/meminfo");
    while (!Files.exists(sign)) {
      if (exit.isDone() || System.nanoTime() > deadline || !pause()) {
        end(instance, exit);
        throw failed(
            "it " + (exit.isDone() ? "ended" : "does not answer") + "; see " + log(), null);
      }
    }
    return instance;
  }

  /** What a daemon started that was killed before it could record it. */
  private void killStrays() {
    for (int pid : cgroups.helperProcesses(CGROUP)) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private int spawn() {
    List<String> argv = new ArrayList<>();
    argv.add(config.libexec().resolve("inside-view").toString());
    argv.add(config.lxcfs().toString());
    cgroups.helperJoinFiles(CGROUP).forEach(file -> argv.add(file.toString()));
    try (Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDONLY, 0);
        Fd log =
            kernel
                .files()
                .open(
                    log().toString(),
                    FileCalls.O_CREAT | FileCalls.O_WRONLY | FileCalls.O_TRUNC,
                    0600)) {
      return kernel
          .processes()
          .spawn(
              new Program(
                  argv,
                  Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                  List.of(nothing, log, log),
                  null));
    }
  }

  /** Detached mounts of what it serves, read-only, by path; those it does not know are left out. */
  Map<String, Fd> mounts(Instance instance, List<String> paths) {
    return KernelThread.call(
        "lamina-lxcfs",
        () -> {
          try (Fd namespace =
              kernel.files().open("/proc/" + instance.pid() + "/ns/mnt", FileCalls.O_RDONLY, 0)) {
            kernel.mounts().unshareFileSystemState();
            kernel.mounts().enter(namespace, NEW_NS);
          }
          return InsideFiles.clones(kernel, VIEW, paths);
        });
  }

  /** Ends it and removes what belongs to it. */
  void stop() {
    find().ifPresent(instance -> end(instance, processes.watch(instance.pid())));
    killStrays();
    try {
      Files.deleteIfExists(file());
      Files.deleteIfExists(log());
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
    cgroups.removeHelper(CGROUP);
  }

  private void end(Instance instance, CompletableFuture<Integer> exit) {
    try (Fd pidfd = kernel.processes().pidfd(instance.pid())) {
      if (instance.alive()) {
        kernel.processes().signal(pidfd, ProcessCalls.SIGKILL);
      }
      exit.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (org.lamina.agent.sys.KernelException
        | java.util.concurrent.ExecutionException
        | TimeoutException e) {
      // It is gone, or will be: nothing of it is on the host.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(10);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Path file() {
    return config.runDir().resolve("lxcfs");
  }

  private Path log() {
    return config.runDir().resolve("lxcfs.log");
  }

  private static LaminaException failed(
      String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new LaminaException(ExitCode.SYSTEM, "cannot start lxcfs: " + why, null, cause);
  }
}
