package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Statistics;
import org.lamina.agent.Usage;
import org.lamina.agent.proc.ProcCgroup;
import org.lamina.agent.proc.ProcFs;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/**
 * One container's control groups in every hierarchy. Keeps no state: two objects for one container
 * are alike. Reading is thread safe; one thread at a time changes one container.
 */
public final class ContainerCgroup {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CgroupHost host;
  private final CgroupFs fs;
  private final Ctid ctid;

  ContainerCgroup(CgroupHost host, Ctid ctid) {
    this.host = host;
    this.fs = host.fs();
    this.ctid = ctid;
  }

  /**
   * Makes all cgroups; empty ones left by an earlier run are replaced. Without success none is
   * left.
   *
   * @param ids the payload that init sees is given to their first id, so that it can make cgroups
   *     below it
   * @param guest which one that is
   * @throws LaminaException NO_KERNEL_SUPPORT as {@link CgroupHost#require}; ENVIRONMENT_FAILED,
   *     also if processes of an earlier run are still there
   */
  public void create(IdRange ids, CgroupVersion guest) {
    host.require("container " + ctid, guest);
    Set<Integer> left = processes();
    if (!left.isEmpty()) {
      throw failed("processes of an earlier run are still in it: " + left, null);
    }
    remove();
    try {
      new CgroupCreation(host).run(ctid, ids, guest);
    } catch (IOException e) {
      LaminaException failure = failed(e.getMessage() + " (" + Errno.text(e) + ")", e);
      try {
        remove();
      } catch (LaminaException again) {
        failure.addSuppressed(again);
      }
      throw failure;
    }
  }

  public Ctid ctid() {
    return ctid;
  }

  /** Whether the container has its cgroup in every hierarchy. */
  public boolean exists() {
    return host.layout().hierarchies().stream()
        .allMatch(hierarchy -> fs.exists(host.container(hierarchy, ctid).resolve("payload")));
  }

  /**
   * Puts limits on; a null limit takes an old one off. Either all hold afterwards or none was
   * changed.
   *
   * @param machine what the limits are put on
   * @return what the operator should know of how it went
   * @throws LaminaException with the exit code of the option that failed, or NO_KERNEL_SUPPORT
   */
  public List<String> apply(Limits limits, Machine machine) {
    if (!exists()) {
      throw new LaminaException(
          ExitCode.NOT_RUNNING, "cannot limit container " + ctid + ": it has no cgroup");
    }
    return new LimitFiles(fs, host.layout(), hierarchy -> host.container(hierarchy, ctid))
        .apply(ctid, limits, machine);
  }

  /**
   * Whether limits could be put on, without doing it.
   *
   * @throws LaminaException NO_KERNEL_SUPPORT, BAD_PARAMETER
   */
  public void check(Limits limits, Machine machine) {
    new LimitFiles(fs, host.layout(), hierarchy -> host.container(hierarchy, ctid))
        .check(ctid, limits, machine);
  }

  /**
   * @throws LaminaException NOT_RUNNING if there is no cgroup
   */
  public long processCount() {
    return usageReader().processes(ctid);
  }

  /**
   * @throws LaminaException NOT_RUNNING if there is no cgroup
   */
  public Usage usage() {
    return usageReader().read(ctid);
  }

  /**
   * @throws LaminaException NOT_RUNNING if there is no cgroup
   */
  public Statistics statistics() {
    return usageReader().statistics(ctid);
  }

  private UsageReader usageReader() {
    return new UsageReader(fs, host.layout(), hierarchy -> host.container(hierarchy, ctid));
  }

  /**
   * Files a process writes {@code 0} to, in this order, in order to become one of the container's.
   * The unified one is last.
   */
  public List<Path> payloadJoinFiles() {
    return joinFiles(
        host.layout().hierarchies(),
        (hierarchy, id) -> host.container(hierarchy, id).resolve("payload"));
  }

  /** Files a process writes {@code 0} to in order to outlive the daemon. */
  public List<Path> supervisorJoinFiles() {
    return joinFiles(
        host.layout().hierarchies().stream().filter(host::supervises).toList(), host::supervisor);
  }

  /**
   * The cgroup2 directory for a command that enters: init's own, because a guest that hands
   * controllers to its children may have no processes in the cgroup above them (cgroup-v2.rst, "no
   * internal process constraint"). Empty where there is no cgroup2.
   */
  public Optional<Path> entryDirectory(int init) {
    return host.layout()
        .unified()
        .map(hierarchy -> {
          Path payload = host.container(hierarchy, ctid).resolve("payload");
          return ProcFs.HOST.cgroup(init).stream()
              .filter(ProcCgroup::v2)
              .findFirst()
              .flatMap(own -> below(payload, own.path()))
              .filter(fs::exists)
              .orElse(payload);
        });
  }

  /** Where a path of a cgroup, as its process shows it, lies below this container's payload. */
  private Optional<Path> below(Path payload, String path) {
    String mark = "/" + payload.subpath(payload.getNameCount() - 2, payload.getNameCount()) + "/";
    int at = path.indexOf(mark);
    return at < 0
        ? Optional.empty()
        : Optional.of(payload.resolve(path.substring(at + mark.length())));
  }

  /** Files of v1 hierarchies a single thread writes {@code 0} to in order to enter. */
  public List<Path> entryFiles() {
    return host.layout().hierarchies().stream()
        .filter(hierarchy -> !hierarchy.v2())
        .map(hierarchy -> host.container(hierarchy, ctid).resolve("payload/tasks"))
        .toList();
  }

  /**
   * Takes a process out of the container's subtree of what the guest sees: one that stays outside
   * of the pid namespace has no number in it, and an init that reads its cgroup would stumble over
   * it. It remains in the other hierarchies.
   */
  public void hideFromGuest(int pid, CgroupVersion guest) {
    hide(pid, host.layout().unified());
    if (guest == CgroupVersion.V1) {
      hide(pid, host.layout().systemd());
    }
  }

  private void hide(int pid, Optional<Hierarchy> from) {
    try {
      if (from.isPresent()) {
        fs.write(host.supervisor(from.get(), ctid).resolve("cgroup.procs"), Integer.toString(pid));
      }
    } catch (IOException e) {
      throw failed("its helper does not leave: " + Errno.text(e), e);
    }
  }

  private List<Path> joinFiles(
      List<Hierarchy> hierarchies, BiFunction<Hierarchy, Ctid, Path> directory) {
    return hierarchies.stream()
        .sorted((a, b) -> Boolean.compare(a.v2(), b.v2()))
        .map(hierarchy -> directory.apply(hierarchy, ctid).resolve("cgroup.procs"))
        .toList();
  }

  /** Its directory in the cgroup2 hierarchy, which takes BPF programs, if there is one. */
  public Optional<Path> unifiedDirectory() {
    return host.layout().unified().map(hierarchy -> host.container(hierarchy, ctid));
  }

  /** All live processes of the container, in whatever cgroup its init put them. */
  public Set<Integer> processes() {
    return processes(host::container);
  }

  /** This program's own processes that wait on the container. */
  public Set<Integer> supervisors() {
    return processes(host::supervisor);
  }

  // A process that was killed while it joined is in some hierarchies only, hence all are asked.
  private Set<Integer> processes(BiFunction<Hierarchy, Ctid, Path> directory) {
    CgroupTree tree = new CgroupTree(fs);
    Set<Integer> pids = new TreeSet<>();
    try {
      for (Hierarchy hierarchy : host.layout().hierarchies()) {
        pids.addAll(tree.processes(directory.apply(hierarchy, ctid)));
      }
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM,
          "cannot list the processes of container " + ctid + ": " + Errno.text(e),
          null,
          e);
    }
    return pids;
  }

  /** Whether any process of the container is alive. */
  public boolean populated() {
    return !processes().isEmpty();
  }

  /** Ends all processes of the container, see {@link #kill(Killer)}. */
  public void kill() {
    kill(Killer.PROCESS_HANDLE);
  }

  /**
   * Ends all processes of the container and waits until none is left.
   *
   * @param killer used where the kernel cannot kill a whole cgroup
   * @throws LaminaException CANNOT_STOP if some did not end within 10 seconds
   */
  public void kill(Killer killer) {
    sweep(host::container, killer);
  }

  /** Ends this program's own processes that wait on the container. */
  public void killSupervisors(Killer killer) {
    sweep(host::supervisor, killer);
  }

  private void sweep(BiFunction<Hierarchy, Ctid, Path> directory, Killer killer) {
    CgroupKill kill = new CgroupKill(fs, killer, PATIENCE);
    Set<Integer> left =
        kill.run(
            host.layout().hierarchies().stream().map(h -> directory.apply(h, ctid)).toList(),
            () -> processes(directory));
    if (!left.isEmpty()) {
      throw new LaminaException(
          ExitCode.CANNOT_STOP,
          "processes of container " + ctid + " do not end: " + left,
          "They may wait for a disk or a network file system; see /proc/PID/stack.");
    }
  }

  /**
   * Removes all cgroups of the container and of its supervisors, with everything below them.
   * Idempotent.
   *
   * @throws LaminaException SYSTEM if a process is still in one of them after a short wait
   */
  public void remove() {
    CgroupTree tree = new CgroupTree(fs);
    for (Hierarchy hierarchy : host.layout().hierarchies()) {
      remove(tree, host.container(hierarchy, ctid));
      remove(tree, host.supervisor(hierarchy, ctid));
    }
  }

  private void remove(CgroupTree tree, Path directory) {
    try {
      // The last process of a cgroup keeps it busy for a moment after it can no longer be seen.
      Patience.retry(Duration.ofSeconds(2), () -> tree.remove(directory));
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM,
          "cannot remove cgroup " + directory + ": " + Errno.text(e) + ", processes " + holders(),
          null,
          e);
    }
  }

  private Set<Integer> holders() {
    Set<Integer> pids = new TreeSet<>(processes());
    pids.addAll(supervisors());
    return pids;
  }

  private LaminaException failed(String why, @Nullable Throwable cause) {
    return new LaminaException(
        ExitCode.ENVIRONMENT_FAILED,
        "cannot make the cgroup of container " + ctid + ": " + why,
        null,
        cause);
  }
}
