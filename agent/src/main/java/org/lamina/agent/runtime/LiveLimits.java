package org.lamina.agent.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.cgroup.Machine;
import org.lamina.agent.mount.Terminals;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/**
 * Changes the limits of a running container: control groups first, which fail most, then what is
 * limited elsewhere. Whatever fails takes the rest back.
 */
final class LiveLimits {
  private final Kernel kernel;
  private final ContainerCgroup cgroup;
  private final RunDirectory run;
  private final RunState state;
  private final Supplier<Fd> root;
  private final Supplier<Fd> console;

  /**
   * @param root opens the container's root directory
   * @param console opens the console's master
   */
  LiveLimits(
      Kernel kernel,
      ContainerCgroup cgroup,
      RunDirectory run,
      RunState state,
      Supplier<Fd> root,
      Supplier<Fd> console) {
    this.kernel = kernel;
    this.cgroup = cgroup;
    this.run = run;
    this.state = state;
    this.root = root;
    this.console = console;
  }

  List<String> apply(Limits wanted) {
    Optional<Limits> recorded = run.readLimits();
    Limits before = recorded.orElse(Limits.NONE);
    Machine machine = machine(state);
    List<String> notes = cgroup.apply(wanted, machine);
    boolean terminals = !Objects.equals(before.numpty(), wanted.numpty());
    OpenFiles open = new OpenFiles(kernel.processes());
    boolean files = open.most(before.numfile()) != open.most(wanted.numfile());
    try {
      if (terminals) {
        limitTerminals(wanted);
      }
      if (files) {
        limitFiles(wanted);
      }
      run.writeLimits(wanted);
    } catch (RuntimeException e) {
      takeBack(e, () -> cgroup.apply(before, machine), recorded.isPresent());
      takeBack(e, () -> limitTerminals(before), terminals);
      takeBack(e, () -> limitFiles(before), files);
      throw e;
    }
    return notes;
  }

  /** What holds a container's files and hence its limits of throughput. */
  static Machine machine(RunState state) {
    return Machine.host(state.consoleLog().resolveSibling(""));
  }

  private static void takeBack(RuntimeException failure, Runnable step, boolean needed) {
    if (!needed) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException again) {
      failure.addSuppressed(again);
    }
  }

  private void limitTerminals(Limits limits) {
    try (Fd directory = root.get();
        Fd master = console.get()) {
      new Terminals(kernel).limit(directory, master, state.idBase(), limits.numpty());
    } catch (KernelException e) {
      throw failed(cgroup.ctid(), "--numpty", e);
    }
  }

  private void limitFiles(Limits limits) {
    try {
      OpenFiles files = new OpenFiles(kernel.processes());
      files.limitAll(cgroup::processes, files.most(limits.numfile()));
    } catch (KernelException e) {
      throw failed(cgroup.ctid(), "--numfile", e);
    }
  }

  private static LaminaException failed(Ctid ctid, String option, KernelException e) {
    return new LaminaException(
        ExitCode.UBC_FAILED,
        "cannot set " + option + " of container " + ctid + ": " + e.getMessage(),
        e.is(Errno.EPERM)
            ? "This daemon lacks CAP_SYS_RESOURCE, which raising it needs; no limit was changed."
            : "No limit of the container was changed.",
        e);
  }
}
