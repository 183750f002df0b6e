package org.lamina.manager.cli.vzctl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Commands that take a container from one state to another. */
final class LifecycleCommand implements Command {
  /** How long {@code --wait} waits unless {@code --timeout} says otherwise. */
  static final Duration DEFAULT_WAIT = Duration.ofMinutes(2);

  private interface Act {
    void on(Ctid ctid, Parsed options, Listener listener);
  }

  private final CommandSpec spec;
  private final ContainerService containers;
  private final Act act;

  /** A state in which there is nothing left to do: told as an error, but with exit code 0. */
  private final @Nullable ExitCode nothingToDo;

  private LifecycleCommand(
      CommandSpec spec, ContainerService containers, Act act, @Nullable ExitCode nothingToDo) {
    this.spec = spec;
    this.containers = containers;
    this.act = act;
    this.nothingToDo = nothingToDo;
  }

  static LifecycleCommand start(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.START,
        c,
        (ctid, o, listener) -> c.start(ctid, wait(o, "vzctl start"), o.has("--force"), listener),
        null);
  }

  static LifecycleCommand stop(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.STOP,
        c,
        (ctid, o, listener) -> c.stop(ctid, o.has("--fast"), listener),
        ExitCode.NOT_RUNNING);
  }

  static LifecycleCommand restart(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.RESTART,
        c,
        (ctid, o, listener) ->
            c.restart(ctid, wait(o, "vzctl restart"), o.has("--force"), o.has("--fast"), listener),
        null);
  }

  static LifecycleCommand destroy(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.DESTROY, c, (ctid, o, listener) -> c.destroy(ctid, listener), null);
  }

  static LifecycleCommand mount(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.MOUNT,
        c,
        (ctid, o, listener) -> c.mount(ctid, listener),
        ExitCode.ALREADY_MOUNTED);
  }

  static LifecycleCommand umount(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.UMOUNT, c, (ctid, o, listener) -> c.umount(ctid, listener), null);
  }

  static LifecycleCommand unregister(ContainerService c) {
    return new LifecycleCommand(
        LifecycleSpecs.UNREGISTER, c, (ctid, o, listener) -> c.unregister(ctid, listener), null);
  }

  /** How long to wait, or null for not at all. */
  static @Nullable Duration wait(Parsed options, String command) {
    String timeout = options.get("--timeout");
    if (!options.has("--wait")) {
      if (timeout != null) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER, command + ": --timeout needs --wait", "Add --wait.");
      }
      return null;
    }
    return timeout == null
        ? DEFAULT_WAIT
        : Duration.ofSeconds(Values.whole("--timeout", timeout, 1, 86_400));
  }

  @Override
  public CommandSpec spec() {
    return spec;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(1, spec.title());
    Ctid ctid = containers.get(parsed.container(spec.title())).ctid();
    try {
      act.on(ctid, parsed, call.listener());
    } catch (LaminaException e) {
      if (e.exitCode() != nothingToDo) {
        throw e;
      }
      call.out().errLine(e.text());
    }
    return ExitCode.OK.code();
  }
}
