package org.lamina.agent.runtime;

import static org.lamina.agent.sys.MountCalls.NEW_UTS;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.Usage;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.mount.BindMounts;
import org.lamina.agent.network.HostNetwork;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** A running container as the run directory and the kernel describe it. */
final class LinuxRunning implements RunningContainer {
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
  private static final Duration HANDLER_PATIENCE = Duration.ofSeconds(5);
  private static final Map<String, String> PLAIN_ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final Kernel kernel;
  private final Ctid ctid;
  private final RunDirectory run;
  private final RunState state;
  private final ContainerCgroup cgroup;
  private final Readiness readiness;
  private final Entrance entrance;
  private final HostNetwork hostNetwork;
  private final HostGuard hostGuard;
  private final List<String> networkObstacles;
  private final CompletableFuture<ExitCause> exit;
  private final Fd initPidfd;

  LinuxRunning(
      Kernel kernel,
      Ctid ctid,
      RunDirectory run,
      RunState state,
      ContainerCgroup cgroup,
      Readiness readiness,
      Entrance entrance,
      HostNetwork hostNetwork,
      HostGuard hostGuard,
      List<String> networkObstacles,
      CompletableFuture<ExitCause> exit) {
    this.kernel = kernel;
    this.ctid = ctid;
    this.run = run;
    this.state = state;
    this.cgroup = cgroup;
    this.readiness = readiness;
    this.entrance = entrance;
    this.hostNetwork = hostNetwork;
    this.hostGuard = hostGuard;
    this.networkObstacles = List.copyOf(networkObstacles);
    this.exit = exit;
    this.initPidfd = kernel.processes().pidfd(state.init());
  }

  @Override
  public Ctid ctid() {
    return ctid;
  }

  @Override
  public int initPid() {
    return state.init();
  }

  @Override
  public Instant startedAt() {
    return state.started();
  }

  @Override
  public List<String> networkObstacles() {
    return networkObstacles;
  }

  @Override
  public CompletableFuture<ExitCause> exit() {
    return exit.copy();
  }

  @Override
  public boolean ready() {
    return readiness.isReady();
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return readiness.await(timeout, exit);
  }

  @Override
  public void powerOff() {
    ask(entrance.initKind().powerOffSignal(), entrance.initKind().powerOffCommand());
  }

  @Override
  public void reboot() {
    ask(entrance.initKind().rebootSignal(), entrance.initKind().rebootCommand());
  }

  private void ask(OptionalInt signal, List<String> command) {
    if (signal.isPresent()) {
      awaitHandler(signal.getAsInt());
      signalInit(signal.getAsInt());
      return;
    }
    var _ = runQuietly(command);
  }

  /** A signal sent before init has its handlers is lost, so that the stop would only time out. */
  private void awaitHandler(int signal) {
    long end = System.nanoTime() + HANDLER_PATIENCE.toNanos();
    while (System.nanoTime() < end
        && !exit.isDone()
        && ProcFs.HOST
            .status(state.init())
            .map(status ->
                !status.catches(signal) && !status.blocks(signal) && !status.ignores(signal))
            .orElse(false)) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void signalInit(int signal) {
    try {
      kernel.processes().signal(initPidfd, signal);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  @Override
  public void kill() {
    signalInit(ProcessCalls.SIGKILL);
    try {
      exit.get(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LaminaException(
          ExitCode.CANNOT_STOP,
          "container " + ctid + " does not end: its init " + state.init() + " survives SIGKILL",
          "A process inside may wait for a disk or network file system; see /proc/PID/stack.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<Limits> limits() {
    return run.readLimits();
  }

  @Override
  public List<String> applyLimits(Limits limits) {
    return new LiveLimits(kernel, cgroup, run, state, entrance::root, this::consoleMaster)
        .apply(limits);
  }

  @Override
  public void bind(BindMount mount) {
    bindMounts().attach(mount);
  }

  @Override
  public boolean unbind(String target) {
    return bindMounts().detach(target);
  }

  private BindMounts bindMounts() {
    return new BindMounts(
        kernel, ctid, state.init(), state.idBase(), state.consoleLog().resolveSibling(""));
  }

  @Override
  public GuestAccess access() {
    return run.readAccess();
  }

  @Override
  public void applyAccess(GuestAccess access) {
    new LiveAccess(
            kernel,
            hostGuard,
            cgroup,
            run,
            new GuestDevices(kernel, state.idBase()),
            entrance::root)
        .apply(access);
  }

  @Override
  public long processes() {
    return cgroup.processCount();
  }

  @Override
  public Usage usage() {
    return cgroup.usage();
  }

  @Override
  public Statistics statistics() {
    return cgroup.statistics();
  }

  @Override
  public void setHostname(String hostname) {
    try (Fd uts = kernel.files().open("/proc/" + state.init() + "/ns/uts", FileCalls.O_RDONLY, 0)) {
      KernelThread.run(
          "lamina-hostname",
          () -> {
            kernel.mounts().enter(uts, NEW_UTS);
            kernel.mounts().setHostname(hostname);
          });
    }
    try (Fd root = entrance.root()) {
      new GuestFiles(kernel).setHostname(root, state.idBase(), hostname);
    }
  }

  @Override
  public NetworkConfig network() {
    return hostNetwork.of(ctid);
  }

  @Override
  public void applyNetwork(NetworkConfig network) {
    NetworkConfig before = hostNetwork.of(ctid);
    hostNetwork.set(ctid, run.uuid(), run.path(), state.init(), network);
    GuestNetwork.Asking asking = writeNetworkFiles(network);
    if (!before.interfaces().equals(network.interfaces())) {
      askForAddresses(asking, network);
    }
  }

  /** Puts what the inside has to know of its network into its files. */
  GuestNetwork.Asking writeNetworkFiles(NetworkConfig network) {
    try (Fd root = entrance.root()) {
      return new GuestFiles(kernel).setNetwork(root, state.idBase(), network);
    }
  }

  /** Has those inside who ask by DHCP read their files again; nobody waits for the answer. */
  private void askForAddresses(GuestNetwork.Asking asking, NetworkConfig network) {
    switch (asking) {
      case NOBODY -> {}
      case NETWORKD -> {
        var _ = runQuietly(List.of("systemctl", "restart", "systemd-networkd.service"));
      }
      case IFUPDOWN ->
          network.interfaces().stream()
              .filter(n -> n.dhcp4() || n.dhcp6())
              .forEach(n -> {
                var _ = runQuietly(List.of("ifup", n.name()));
              });
    }
  }

  @Override
  public Optional<Traffic> traffic() {
    return hostNetwork.traffic(ctid);
  }

  @Override
  public ExecHandle exec(ExecSpec command) {
    if (exit.isDone()) {
      throw new LaminaException(ExitCode.NOT_RUNNING, "Container " + ctid + " is not running");
    }
    return entrance.exec(command);
  }

  @Override
  public TreeSwitch switchTree(String tree, List<Path> layers, Path delta) {
    return new LiveSwitch(kernel, cgroup, state).exchange(tree, layers, delta);
  }

  @Override
  public GuestRoot root() {
    return new FdGuestRoot(kernel, entrance.root(), state.idBase());
  }

  @Override
  public Path consoleLog() {
    return state.consoleLog();
  }

  @Override
  public Fd consoleMaster() {
    // The logger holds it as its standard input; nobody else among the supervisors has a terminal.
    for (int pid : cgroup.supervisors()) {
      try (Fd pidfd = kernel.processes().pidfd(pid)) {
        Fd candidate = kernel.processes().takeDescriptor(pidfd, 0);
        if (kernel.terminals().isTerminal(candidate)) {
          return candidate;
        }
        candidate.close();
      } catch (KernelException e) {
        if (!e.is(Errno.ESRCH) && !e.is(Errno.EBADF)) {
          throw e;
        }
      }
    }
    throw new LaminaException(
        ExitCode.SYSTEM,
        "the console of container " + ctid + " is gone: its logger process has ended",
        "Restart the container to get a new one.");
  }

  /** Releases what this object holds; the container has ended. */
  void close() {
    readiness.close();
    initPidfd.close();
  }

  /**
   * Follows the boot of an init that does not report by itself, and asks one that may have reported
   * while no daemon listened.
   *
   * @param adopted it was started by an earlier daemon
   */
  void watchBoot(boolean adopted) {
    if (readiness.isReady()) {
      return;
    }
    if (adopted && entrance.initKind().notifies()) {
      var _ =
          runQuietly(List.of("systemctl", "is-system-running", "--wait"))
              .exit()
              .thenRun(readiness::markReady);
    } else {
      readiness.watchFromOutside(cgroup, entrance, exit);
    }
  }

  private ExecHandle runQuietly(List<String> command) {
    try (Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDWR, 0)) {
      return exec(
          new ExecSpec(
              command,
              PLAIN_ENVIRONMENT,
              new ExecSpec.Stdio(nothing, nothing, nothing),
              ExecSpec.TerminalSize.DEFAULT));
    }
  }
}
