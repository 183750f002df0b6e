package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.ProcessCalls.Program;
import org.lamina.agent.sys.TerminalCalls;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * The way into a running container: commands with the caller's descriptors, or on a terminal of the
 * container's own. Thread safe.
 */
final class Entrance {
  private static final String SHELL = "/bin/sh";

  private final Kernel kernel;
  private final RuntimeConfig config;
  private final Processes processes;
  private final Confinement confinement;
  private final ContainerCgroup cgroup;
  private final RunDirectory run;
  private final int init;
  private final int idBase;

  Entrance(
      Kernel kernel,
      RuntimeConfig config,
      Processes processes,
      Confinement confinement,
      ContainerCgroup cgroup,
      RunDirectory run,
      int init,
      int idBase) {
    this.kernel = kernel;
    this.config = config;
    this.processes = processes;
    this.confinement = confinement;
    this.cgroup = cgroup;
    this.run = run;
    this.init = init;
    this.idBase = idBase;
  }

  /** The container's root directory; never resolve a path below it without RESOLVE_ flags. */
  Fd root() {
    return kernel.files().openDirectory("/proc/" + init + "/root");
  }

  InitKind initKind() {
    try {
      return InitKind.of(
          Files.readSymbolicLink(Path.of("/proc", Integer.toString(init), "exe")).toString());
    } catch (IOException e) {
      return InitKind.OTHER;
    }
  }

  ExecHandle exec(ExecSpec command) {
    ExecSpec.Stdio stdio = command.stdio();
    if (stdio != null) {
      int pid = spawn(command, List.of(stdio.in(), stdio.out(), stdio.err()), null);
      return handle(pid, null);
    }
    Fd master = openTerminal();
    try (Fd slave = kernel.terminals().openPeer(master)) {
      // Made by the host's root; without this the shell could not even ask who owns its terminal.
      kernel.files().chown(slave, idBase, idBase + 5);
      kernel.terminals().resize(master, command.size().rows(), command.size().columns());
      int pid = spawn(command, List.of(), slave.procPath());
      return handle(pid, master);
    } catch (RuntimeException e) {
      master.close();
      throw e;
    }
  }

  private ExecProcess handle(int pid, @Nullable Fd master) {
    return new ExecProcess(kernel, pid, processes.watch(pid), master, () -> inside(pid));
  }

  /** The command's processes in the container's pid namespace: not the helper that waits there. */
  private Set<Integer> inside(int helper) {
    return cgroup.processes().stream()
        .filter(pid ->
            ProcFs.HOST
                .stat(pid)
                .filter(p -> p.pid() != helper)
                .filter(p -> p.group() == helper || p.parent() == helper)
                .isPresent())
        .collect(Collectors.toSet());
  }

  /** A shell that is missing is told as such; of other programs the caller hears inside. */
  private void requireShell(String program) {
    if (!program.equals(SHELL)) {
      return;
    }
    try (Fd root = root();
        Fd shell =
            kernel
                .files()
                .openBeneath(
                    root,
                    program.substring(1),
                    FileCalls.O_PATH,
                    0,
                    FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS)) {
      if (kernel.files().stat(shell).isRegular()) {
        return;
      }
    } catch (KernelException e) {
      // Told below.
    }
    throw new LaminaException(
        ExitCode.BROKEN_TEMPLATE,
        "there is no shell inside: " + program + " is missing",
        "Run a program without a shell: vzctl exec3 CTID /path/to/program");
  }

  /** A new terminal of the container's own devpts, whatever its root put in that place. */
  private Fd openTerminal() {
    try (Fd root = root();
        Fd ptmx = kernel.files().locate(root, "dev/pts/ptmx", FileCalls.RESOLVE_STRICT)) {
      if (!kernel.files().stat(ptmx).isCharacterDevice()
          || kernel.files().fileSystemType(ptmx) != TerminalCalls.DEVPTS_MAGIC) {
        throw noTerminal(null);
      }
      Fd master = kernel.files().open(ptmx.procPath(), FileCalls.O_RDWR | FileCalls.O_NOCTTY, 0);
      kernel.terminals().unlock(master);
      return master;
    } catch (KernelException e) {
      throw noTerminal(e);
    }
  }

  private static LaminaException noTerminal(@Nullable KernelException cause) {
    return new LaminaException(
        ExitCode.SYSTEM,
        "cannot open a terminal: /dev/pts inside the container is not a devpts file system"
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        "Use `vzctl exec`, or restart the container.",
        cause);
  }

  private int spawn(ExecSpec command, List<Fd> descriptors, @Nullable String terminal) {
    requireShell(command.argv().getFirst());
    List<String> argv = new ArrayList<>();
    argv.add(config.libexec().resolve("enter").toString());
    argv.add(Integer.toString(init));
    argv.add(idBase == 0 ? "no" : "yes");
    argv.add(confinement.dropped(run.readAccess()));
    argv.add(cgroup.entryDirectory(init).map(Path::toString).orElse("-"));
    cgroup.entryFiles().forEach(file -> argv.add(file.toString()));
    argv.add("--");
    argv.addAll(command.argv());
    return KernelThread.call(
        "lamina-exec",
        () -> {
          confinement.seccompFilter().run();
          return kernel.processes().spawn(new Program(argv, command.env(), descriptors, terminal));
        });
  }
}
