package org.lamina.agent.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.lamina.agent.ContainerDisks;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.HostFeature;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.NetworkHost;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.cgroup.CgroupHost;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.cgroup.Killer;
import org.lamina.agent.cgroup.Machine;
import org.lamina.agent.disk.Disks;
import org.lamina.agent.host.HostFacts;
import org.lamina.agent.host.KernelTrials;
import org.lamina.agent.mount.BindMounts;
import org.lamina.agent.mount.DeltaSquash;
import org.lamina.agent.namespace.UserNamespaces;
import org.lamina.agent.network.HostNetwork;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkConfig;

/** Containers on the Linux kernel this program runs on. */
public final class LinuxContainerRuntime implements ContainerRuntime {
  private static final int SWEEPS = 3;

  private static final int DIRECTORY_MODE = 0755;

  private final Kernel kernel = Kernel.linux();
  private final RuntimeConfig config;
  private final CgroupHost cgroups;
  private final EventLoop events;
  private final Processes processes;
  private final UserNamespaces userNamespaces;
  private final Launcher launcher;
  private final HostMounts hostMounts;
  private final HostGuard hostGuard;
  private final Confinement confinement;
  private final InsideView inside;
  private final HostNetwork network;
  private final Disks disks;
  private final Map<Ctid, LinuxRunning> known = new ConcurrentHashMap<>();

  /** Being built by this daemon: nobody may adopt them meanwhile. Guarded by this. */
  private final Set<Ctid> launching = new HashSet<>();

  /**
   * @throws LaminaException NO_HOST_CONFIG or NO_KERNEL_SUPPORT if this host cannot run containers
   */
  public LinuxContainerRuntime(RuntimeConfig config) {
    Launcher.requireScripts(config);
    this.config = config;
    this.cgroups =
        CgroupHost.detect(
            Path.of("/proc/self/mountinfo"), Path.of("/proc/self/cgroup"), config.cgroupName());
    this.events = new EventLoop(kernel);
    this.processes = new Processes(kernel, events);
    this.userNamespaces = new UserNamespaces(kernel);
    this.confinement = Confinement.standard(kernel);
    this.launcher = new Launcher(kernel, config, userNamespaces, processes, confinement);
    this.hostGuard = new HostGuard(kernel);
    this.hostMounts = new HostMounts(kernel, userNamespaces);
    this.inside =
        new InsideView(
            new Lxcfs(kernel, config, processes, cgroups),
            this::inits,
            init -> new InsideFiles(kernel, init));
    this.disks = new Disks(kernel, config.layout());
    this.network =
        new HostNetwork(
            kernel,
            config.runDir(),
            config.cgroupName(),
            config.uplinks(),
            processes::end,
            processes::watch);
    network.takeOver(alive(config.runDir()));
  }

  /** Containers that an earlier daemon left running. */
  private static List<HostNetwork.Running> alive(Path runDir) {
    List<HostNetwork.Running> alive = new ArrayList<>();
    for (Ctid ctid : RunDirectory.all(runDir)) {
      RunDirectory run = RunDirectory.of(runDir, ctid);
      run.readState()
          .flatMap(RunState::parse)
          .filter(RunState::initIsAlive)
          .ifPresent(state -> alive.add(new HostNetwork.Running(ctid, run.path(), state.init())));
    }
    return alive;
  }

  /** The process that calls the daemon, for taking over its descriptors. */
  public CallerProcess caller(int pid) {
    return new CallerProcess(kernel, processes, pid);
  }

  @Override
  public void createDelta(Path delta, List<String> swappableTrees, IdRange ids, Path templateRoot) {
    try {
      makeUpper(delta.resolve("root"), ids, templateRoot);
      for (String tree : swappableTrees) {
        makeUpper(delta.resolve(tree), ids, templateRoot.resolve(tree));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An overlay's root shows the upper's owner and mode, so the upper gets the template's. */
  private void makeUpper(Path pair, IdRange ids, Path template) throws IOException {
    Files.createDirectories(pair.resolve("work"));
    Path upper = Files.createDirectories(pair.resolve("upper"));
    int mode = DIRECTORY_MODE;
    if (Files.isDirectory(template)) {
      try (Fd like = kernel.files().openDirectory(template.toString())) {
        mode = kernel.files().stat(like).mode() & 07777;
      }
    }
    try (Fd fd = kernel.files().open(upper.toString(), FileCalls.O_RDONLY, 0)) {
      kernel.files().chmod(fd, mode);
      kernel.files().chown(fd, ids.base(), ids.base());
    }
  }

  @Override
  public boolean owns(Path delta, IdRange ids) {
    try (Fd root = kernel.files().openDirectory(delta.resolve("root/upper").toString())) {
      FileCalls.Stat stat = kernel.files().stat(root);
      return ids.contains(stat.uid()) && ids.contains(stat.gid());
    } catch (KernelException e) {
      return false;
    }
  }

  @Override
  public void requireLimits(LaunchSpec spec) {
    ContainerCgroup cgroup = cgroups.of(spec.ctid());
    try {
      // Its own, as at a start: what is possible there shows in the files it has.
      cgroup.create(spec.ids(), spec.cgroups());
      cgroup.check(spec.limits(), Machine.host(spec.delta().resolveSibling("")));
    } finally {
      cgroup.remove();
    }
  }

  @Override
  public void requireAccess(IdRange ids, GuestAccess access) {
    AccessRules.host().require(ids, access);
    var _ = HostGuard.devices(kernel, access);
  }

  @Override
  public void requireCgroups(String who, CgroupVersion version) {
    cgroups.require(who, version);
  }

  @Override
  public ContainerDisks disks() {
    return disks;
  }

  @Override
  public RunningContainer start(LaunchSpec spec) {
    Ctid ctid = spec.ctid();
    if (running(ctid).isPresent()) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING, "Container " + ctid + " is already running");
    }
    forget(ctid);
    RunDirectory run = RunDirectory.of(config.runDir(), ctid);
    ContainerCgroup cgroup = cgroups.of(ctid);
    return launching(
        ctid,
        () -> {
          run.prepare(spec.uuid());
          run.writeAccess(spec.access());
          cgroup.create(spec.ids(), spec.cgroups());
          hostGuard.protect(spec, cgroup);
          limit(spec, cgroup, run);
          LinuxRunning[] started = new LinuxRunning[1];
          List<String> obstacles = new ArrayList<>();
          // The notification socket must be there before init is, hence not afterwards.
          launcher.launch(
              spec,
              run,
              cgroup,
              null,
              init -> {
                network.connect(ctid, spec.uuid(), run.path(), init, spec.network());
                if (!spec.network().equals(NetworkConfig.NONE)) {
                  obstacles.addAll(network.obstacles());
                }
              },
              state -> {
                limitFiles(spec, state);
                inside.attach(state.init());
                bind(spec, state);
                nodes(spec, state);
                started[0] = attend(ctid, run, cgroup, state, obstacles);
                if (!spec.network().equals(NetworkConfig.NONE)) {
                  var _ = started[0].writeNetworkFiles(spec.network());
                }
              });
          LinuxRunning running = started[0];
          known.put(ctid, running);
          running.watchBoot(false);
          return running;
        });
  }

  private static void limit(LaunchSpec spec, ContainerCgroup cgroup, RunDirectory run) {
    var _ = cgroup.apply(spec.limits(), Machine.host(spec.delta().resolveSibling("")));
    run.writeLimits(spec.limits());
  }

  private void limitFiles(LaunchSpec spec, RunState state) {
    OpenFiles files = new OpenFiles(kernel.processes());
    files.limit(state.init(), files.most(spec.limits().numfile()));
  }

  private void bind(LaunchSpec spec, RunState state) {
    BindMounts mounts =
        new BindMounts(
            kernel, spec.ctid(), state.init(), state.idBase(), spec.delta().resolveSibling(""));
    spec.bindMounts().forEach(mounts::attach);
  }

  private void nodes(LaunchSpec spec, RunState state) {
    if (spec.access().allNodes().isEmpty()) {
      return;
    }
    try (Fd root = kernel.files().openDirectory("/proc/" + state.init() + "/root")) {
      GuestDevices devices = new GuestDevices(kernel, state.idBase());
      spec.access().allNodes().forEach(node -> devices.make(root, node));
    }
  }

  @Override
  public Optional<RunningContainer> running(Ctid ctid) {
    LinuxRunning here = known.get(ctid);
    if (here != null) {
      return here.exit().isDone() ? Optional.empty() : Optional.of(here);
    }
    return adopt(ctid);
  }

  /** Finds a container that an earlier daemon started. */
  private synchronized Optional<RunningContainer> adopt(Ctid ctid) {
    LinuxRunning here = known.get(ctid);
    if (here != null) {
      return here.exit().isDone() ? Optional.empty() : Optional.of(here);
    }
    if (launching.contains(ctid)) {
      return Optional.empty();
    }
    RunDirectory run = RunDirectory.of(config.runDir(), ctid);
    Optional<RunState> state = run.readState().flatMap(RunState::parse);
    if (state.isEmpty() || !state.get().initIsAlive()) {
      return Optional.empty();
    }
    LinuxRunning running = attend(ctid, run, cgroups.of(ctid), state.get(), List.of());
    known.put(ctid, running);
    running.watchBoot(true);
    // lxcfs may have ended while no daemon watched it; nobody waits for that.
    var _ = CompletableFuture.runAsync(() -> inside.attach(running.initPid()));
    return Optional.of(running);
  }

  private LinuxRunning attend(
      Ctid ctid, RunDirectory run, ContainerCgroup cgroup, RunState state, List<String> obstacles) {
    int init = state.init();
    CompletableFuture<ExitCause> exit =
        processes
            .watch(init)
            .thenCombine(
                processes.watch(state.waiter()),
                (ofInit, ofWaiter) -> run.exitCause().orElse(RunDirectory.KILLED));
    Readiness readiness = new Readiness(kernel, events, run, init, state.idBase());
    Entrance entrance =
        new Entrance(kernel, config, processes, confinement, cgroup, run, init, state.idBase());
    LinuxRunning running =
        new LinuxRunning(
            kernel, ctid, run, state, cgroup, readiness, entrance, network, hostGuard, obstacles,
            exit);
    var _ = exit.thenRun(running::close);
    return running;
  }

  @Override
  public Optional<ExitCause> lastExit(Ctid ctid) {
    return RunDirectory.of(config.runDir(), ctid).exitCause();
  }

  @Override
  public Set<Ctid> traces() {
    Set<Ctid> all = new TreeSet<>(cgroups.containers());
    all.addAll(RunDirectory.all(config.runDir()));
    return all;
  }

  @Override
  public void sweep(Ctid ctid) {
    forget(ctid);
    ContainerCgroup cgroup = cgroups.of(ctid);
    clear(cgroup);
    RunDirectory run = RunDirectory.of(config.runDir(), ctid);
    network.remove(ctid, run.path());
    run.remove();
  }

  /** A helper may still be on its way into a cgroup when that is emptied, hence again. */
  private static void clear(ContainerCgroup cgroup) {
    for (int attempt = 1; ; attempt++) {
      cgroup.kill();
      cgroup.killSupervisors(Killer.PROCESS_HANDLE);
      try {
        cgroup.remove();
        return;
      } catch (LaminaException e) {
        if (attempt == SWEEPS) {
          throw e;
        }
      }
    }
  }

  private Set<Integer> inits() {
    return known.values().stream()
        .filter(running -> !running.exit().isDone())
        .map(LinuxRunning::initPid)
        .collect(Collectors.toSet());
  }

  private void forget(Ctid ctid) {
    LinuxRunning old = known.remove(ctid);
    if (old != null) {
      old.close();
    }
  }

  /** Takes away what only containers need when there is none, before the program ends. */
  public void tidy() {
    inside.close(traces().isEmpty());
    cgroups.tidy();
  }

  @Override
  public void flush(Path delta) {
    try (Fd directory = kernel.files().open(delta.toString(), FileCalls.O_RDONLY, 0)) {
      kernel.files().syncFileSystem(directory);
    }
  }

  @Override
  public int squash(Path delta, List<String> trees) {
    DeltaSquash squash = new DeltaSquash(kernel);
    return trees.stream().mapToInt(tree -> squash.squash(delta, tree)).sum();
  }

  @Override
  public NetworkHost network() {
    return network;
  }

  @Override
  public List<String> networkObstacles() {
    return network.obstacles();
  }

  @Override
  public List<HostFeature> features(Path state) {
    // Any range does: nothing on the disk will belong to it.
    IdRange ids = new IdRange(IdRange.SIZE);
    List<HostFeature> all =
        new ArrayList<>(new KernelTrials(kernel, () -> userNamespaces.of(ids), state).all());
    all.addAll(new HostFacts(Path.of("/")).all(state));
    return all;
  }

  @Override
  public void mount(LaunchSpec spec, Path target) {
    hostMounts.mount(spec, target);
  }

  @Override
  public void umount(Path target) {
    hostMounts.unmount(target);
  }

  @Override
  public boolean isMounted(Path target) {
    return hostMounts.isMounted(target);
  }

  @Override
  public Predicate<Path> mounted() {
    return hostMounts.mounted();
  }

  @Override
  public GuestRoot root(LaunchSpec spec, Path target) {
    Fd directory = kernel.files().openDirectory(target.toString());
    return new FdGuestRoot(kernel, directory, spec.ids().base());
  }

  @Override
  public ExecHandle runOnce(LaunchSpec spec, ExecSpec command) {
    Ctid ctid = spec.ctid();
    forget(ctid);
    RunDirectory run = RunDirectory.of(config.runDir(), ctid);
    ContainerCgroup cgroup = cgroups.of(ctid);
    return guarded(
        ctid,
        () -> {
          run.prepare(spec.uuid());
          run.writeAccess(spec.access());
          cgroup.create(spec.ids(), spec.cgroups());
          hostGuard.protect(spec, cgroup);
          limit(spec, cgroup, run);
          RunState launched =
              launcher.launch(
                  spec, run, cgroup, command, _ -> {}, state -> limitFiles(spec, state));
          CompletableFuture<Integer> exit =
              processes
                  .watch(launched.waiter())
                  .thenApply(code -> {
                    int status = run.exitCause().orElse(RunDirectory.KILLED).status();
                    sweep(ctid);
                    return status;
                  });
          return new ExecProcess(kernel, launched.waiter(), exit, null, Set::of);
        });
  }

  private <T> T launching(Ctid ctid, java.util.function.Supplier<T> work) {
    synchronized (this) {
      launching.add(ctid);
    }
    try {
      return guarded(ctid, work);
    } finally {
      synchronized (this) {
        launching.remove(ctid);
      }
    }
  }

  private <T> T guarded(Ctid ctid, java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      try {
        sweep(ctid);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      if (e instanceof KernelException || e instanceof UncheckedIOException) {
        throw new LaminaException(
            ExitCode.ENVIRONMENT_FAILED,
            "cannot start container " + ctid + ": " + e.getMessage(),
            "See `lamina doctor` for what this host lacks.",
            e);
      }
      throw e;
    }
  }
}
