package org.lamina.agent.runtime;

import static org.lamina.agent.sys.MountCalls.NEW_CGROUP;
import static org.lamina.agent.sys.MountCalls.NEW_IPC;
import static org.lamina.agent.sys.MountCalls.NEW_NET;
import static org.lamina.agent.sys.MountCalls.NEW_NS;
import static org.lamina.agent.sys.MountCalls.NEW_UTS;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.mount.RootAssembler;
import org.lamina.agent.namespace.UserNamespaces;
import org.lamina.agent.network.Together;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.proc.ProcStat;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.ProcessCalls.Program;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Brings up one container: a waiter process that makes the namespaces, a root file system built
 * around its first process, a console with a logger, and then init. The order is in
 * docs/architecture.md; what a crash of the daemon leaves at each step ends by itself (the stub
 * sees its pipe close) or is found by its cgroup and run directory.
 */
final class Launcher {
  private static final int REPORT_MILLIS = 60_000;
  private static final int REGULAR_EXECUTABLE = 0111;
  private static final List<String> INITS =
      List.of("sbin/init", "usr/lib/systemd/systemd", "lib/systemd/systemd", "init");
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Kernel kernel;
  private final RuntimeConfig config;
  private final UserNamespaces userNamespaces;
  private final Processes processes;
  private final RootAssembler assembler;
  private final GuestFiles guestFiles;
  private final Confinement confinement;

  Launcher(
      Kernel kernel,
      RuntimeConfig config,
      UserNamespaces userNamespaces,
      Processes processes,
      Confinement confinement) {
    this.kernel = kernel;
    this.config = config;
    this.userNamespaces = userNamespaces;
    this.processes = processes;
    this.assembler = new RootAssembler(kernel);
    this.guestFiles = new GuestFiles(kernel);
    this.confinement = confinement;
  }

  /**
   * Starts init, or the command in its place; the run directory and the cgroup are prepared. On
   * failure processes may be left for the caller to sweep.
   *
   * @param beside called with a process in the new namespaces, while the root is being built
   * @param beforeInit called when everything is built and recorded, before init runs
   */
  RunState launch(
      LaunchSpec spec,
      RunDirectory run,
      ContainerCgroup cgroup,
      @Nullable ExecSpec command,
      IntConsumer beside,
      Consumer<RunState> beforeInit) {
    Fd userNamespace = spec.ids().privileged() ? null : userNamespaces.of(spec.ids());
    Fd[] go = kernel.files().pipe();
    Fd[] report = kernel.files().pipe();
    try (Fd goRead = go[0];
        Fd goWrite = go[1];
        Fd reportRead = report[0];
        Fd reportWrite = report[1]) {
      int waiter = spawnWaiter(spec, run, cgroup, command, userNamespace, goRead, reportWrite);
      goRead.close();
      reportWrite.close();
      reapWhenEnded(waiter);
      int init = awaitReport(spec, run, reportRead);
      ProcFs.HOST.stat(init).ifPresent(stub -> cgroup.hideFromGuest(stub.parent(), spec.cgroups()));
      RunState state =
          new RunState(
              init,
              ProcFs.HOST.stat(init).map(ProcStat::startTicks).orElse(0L),
              waiter,
              Instant.now(),
              spec.ids().base(),
              spec.delta().resolveSibling("console.log"));
      Built built = build(spec, run, userNamespace, init, command == null, beside);
      try (RootAssembler.Console console = built.console()) {
        spawnLogger(state.consoleLog(), cgroup, console);
      }
      if (command == null) {
        // Not before: whoever enters by this while the root is built would stand in the host's.
        run.writeState(state.toMap());
      }
      beforeInit.accept(state);
      kernel.files().write(goWrite, ("go " + built.init() + "\n").getBytes(StandardCharsets.UTF_8));
      return state;
    }
  }

  private int spawnWaiter(
      LaunchSpec spec,
      RunDirectory run,
      ContainerCgroup cgroup,
      @Nullable ExecSpec command,
      @Nullable Fd userNamespace,
      Fd go,
      Fd report) {
    List<String> argv = new ArrayList<>();
    argv.add(config.libexec().resolve("waiter").toString());
    argv.add(run.path().toString());
    argv.add(config.libexec().toString());
    argv.add(
        userNamespace == null
            ? "-"
            : "/proc/" + ProcessHandle.current().pid() + "/fd/" + userNamespace.number());
    argv.add(confinement.boundingSet(spec.access()));
    List<Path> supervisor = cgroup.supervisorJoinFiles();
    argv.add(Integer.toString(supervisor.size()));
    supervisor.forEach(file -> argv.add(file.toString()));
    cgroup.payloadJoinFiles().forEach(file -> argv.add(file.toString()));
    argv.add("--");
    Map<String, String> env;
    if (command == null) {
      env = initEnvironment(spec);
    } else {
      argv.addAll(command.argv());
      env = command.env();
    }
    return KernelThread.call(
        "lamina-launch-" + spec.ctid(),
        () -> {
          try (Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDWR, 0);
              Fd log =
                  kernel
                      .files()
                      .open(
                          run.launchLog().toString(),
                          FileCalls.O_CREAT | FileCalls.O_WRONLY | FileCalls.O_TRUNC,
                          0600)) {
            ExecSpec.Stdio stdio = command == null ? null : command.stdio();
            List<Fd> descriptors =
                stdio == null
                    ? List.of(nothing, log, log, go, report)
                    : List.of(stdio.in(), stdio.out(), stdio.err(), go, report);
            confinement.seccompFilter().run();
            return kernel.processes().spawn(new Program(argv, env, descriptors, null));
          }
        });
  }

  /** Init's environment; see CONTAINER_INTERFACE of systemd. */
  private static Map<String, String> initEnvironment(LaunchSpec spec) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", PATH);
    env.put("HOME", "/root");
    env.put("TERM", "linux");
    env.put("container", "lamina");
    env.put("container_uuid", spec.uuid().toString());
    env.put("NOTIFY_SOCKET", "/run/host/notify");
    return env;
  }

  private int awaitReport(LaunchSpec spec, RunDirectory run, Fd report) {
    byte[] bytes = new byte[0];
    if (kernel.processes().poll(new int[] {report.number()}, REPORT_MILLIS)[0]) {
      bytes = kernel.files().read(report, 64);
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new LaminaException(
          ExitCode.ENVIRONMENT_FAILED,
          "cannot create the namespaces of container "
              + spec.ctid()
              + ": "
              + run.read(run.launchLog())
                  .filter(t -> !t.isEmpty())
                  .orElse("no answer from its first process"),
          "See `lamina doctor` for what this host lacks.");
    }
    return Integer.parseInt(text);
  }

  private record Built(RootAssembler.Console console, String init) {}

  private Built build(
      LaunchSpec spec,
      RunDirectory run,
      @Nullable Fd userNamespace,
      int init,
      boolean needsInit,
      IntConsumer beside) {
    AtomicReference<@Nullable Built> built = new AtomicReference<>();
    try {
      Together.run(
          () -> built.set(buildRoot(spec, run, userNamespace, init, needsInit)),
          () -> beside.accept(init));
    } catch (RuntimeException e) {
      Built alone = built.get();
      if (alone != null) {
        alone.console().close();
      }
      throw e;
    }
    return Objects.requireNonNull(built.get(), "a root that was built");
  }

  private Built buildRoot(
      LaunchSpec spec, RunDirectory run, @Nullable Fd userNamespace, int init, boolean needsInit) {
    return KernelThread.call(
        "lamina-root-" + spec.ctid(),
        () -> {
          enterNamespaces(init);
          RootAssembler.Assembled root = assembler.assemble(spec, userNamespace, run.workplace());
          try (Fd fd = root.root()) {
            String program = needsInit ? findInit(spec, fd) : "none";
            kernel.sockets().bringLoopbackUp();
            String hostname = spec.hostname();
            // Without a name of its own the container would show the host's.
            kernel.mounts().setHostname(hostname != null ? hostname : "ct" + spec.ctid());
            if (hostname != null) {
              guestFiles.setHostname(fd, spec.ids().base(), hostname);
            }
            kernel.mounts().pivot(fd);
            // Service sandboxes made by init become slaves of this, so that a later exchange of
            // /usr reaches them.
            kernel.mounts().setPropagation(fd, true);
            return new Built(root.console(), program);
          } catch (RuntimeException e) {
            root.console().close();
            throw e;
          }
        });
  }

  private void enterNamespaces(int init) {
    String ns = "/proc/" + init + "/ns/";
    try (Fd uts = kernel.files().open(ns + "uts", FileCalls.O_RDONLY, 0);
        Fd ipc = kernel.files().open(ns + "ipc", FileCalls.O_RDONLY, 0);
        Fd net = kernel.files().open(ns + "net", FileCalls.O_RDONLY, 0);
        Fd cgroup = kernel.files().open(ns + "cgroup", FileCalls.O_RDONLY, 0);
        Fd mount = kernel.files().open(ns + "mnt", FileCalls.O_RDONLY, 0)) {
      kernel.mounts().unshareFileSystemState();
      kernel.mounts().enter(uts, NEW_UTS);
      kernel.mounts().enter(ipc, NEW_IPC);
      kernel.mounts().enter(net, NEW_NET);
      kernel.mounts().enter(cgroup, NEW_CGROUP);
      kernel.mounts().enter(mount, NEW_NS);
    }
  }

  private String findInit(LaunchSpec spec, Fd root) {
    for (String candidate : INITS) {
      try (Fd file =
          kernel
              .files()
              .openBeneath(
                  root,
                  candidate,
                  FileCalls.O_PATH,
                  0,
                  FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS)) {
        FileCalls.Stat stat = kernel.files().stat(file);
        if (stat.isRegular() && (stat.mode() & REGULAR_EXECUTABLE) != 0) {
          return "/" + candidate;
        }
      } catch (KernelException e) {
        // Not this one; what is missing altogether is told below.
      }
    }
    throw new LaminaException(
        ExitCode.BROKEN_TEMPLATE,
        "container "
            + spec.ctid()
            + " has no init: none of /"
            + String.join(", /", INITS)
            + " is an executable file",
        "Look at it with `vzctl mount " + spec.ctid() + "`, or put back what was removed.");
  }

  private void spawnLogger(Path log, ContainerCgroup cgroup, RootAssembler.Console console) {
    List<String> argv = new ArrayList<>();
    argv.add(config.libexec().resolve("logger").toString());
    argv.add(log.toString());
    List<Path> supervisor = cgroup.supervisorJoinFiles();
    argv.add(Integer.toString(supervisor.size()));
    supervisor.forEach(file -> argv.add(file.toString()));
    try (Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDWR, 0)) {
      Program logger =
          new Program(
              argv,
              Map.of("PATH", PATH),
              List.of(console.master(), nothing, nothing, console.slave()),
              null);
      reapWhenEnded(kernel.processes().spawn(logger));
    }
  }

  /** A child nobody waits for would stay in the process table until the daemon ends. */
  private void reapWhenEnded(int child) {
    var _ = processes.watch(child);
  }

  /** True when all helper scripts are there; asked once at start. */
  static void requireScripts(RuntimeConfig config) {
    for (String name : List.of("waiter", "stub", "logger", "enter", "inside-view")) {
      Path script = config.libexec().resolve(name);
      if (!Files.isExecutable(script)) {
        throw new LaminaException(
            ExitCode.NO_HOST_CONFIG,
            "helper script " + script + " is missing or not executable",
            "Reinstall the package.");
      }
    }
  }
}
