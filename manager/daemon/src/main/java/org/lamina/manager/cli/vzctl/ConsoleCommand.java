package org.lamina.manager.cli.vzctl;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Caller;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code vzctl console}: the container's own console, before, during and after it runs. */
final class ConsoleCommand implements Command {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("console"),
          "CTID",
          "attach to a container's console",
          new OptionTable()
              .later(
                  "the console's login prompt is init's business; use vzctl enter for a shell.",
                  "-s",
                  "--start"),
          """
          Shows the last lines of the console and follows it; keys go to what runs there. It may
          be opened before the container starts and stays open when it stops. At the start of a
          line, Esc . detaches and Esc ! kills what runs on the console; init then starts its
          login prompt anew. Without a terminal on standard input, the end of input detaches.

          Example:
            vzctl console 101
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  ConsoleCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(2, SPEC.title());
    String reference = parsed.container(SPEC.title());
    checkTerminalNumber(parsed.operands());
    Ctid ctid = containers.get(reference).ctid();
    Caller caller = call.caller();
    boolean told = false;
    while (!caller.gone().isDone()) {
      Optional<RunningContainer> running = running(ctid);
      if (running.isPresent()) {
        told = false;
        follow(running.get(), caller);
        continue;
      }
      if (containers.lookup(ctid.toString()).isEmpty()) {
        call.out().errLine("Container " + ctid + " was destroyed");
        return ExitCode.OK.code();
      }
      if (!told) {
        call.out().errLine("Container " + ctid + " is not running; waiting for its start");
        told = true;
      }
      waitFor(caller.gone(), LOOK_EVERY);
    }
    return ExitCode.OK.code();
  }

  private static void checkTerminalNumber(List<String> operands) {
    if (operands.size() == 2 && !operands.get(1).equals("1")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "vzctl console: a container has one console, number 1",
          "Use vzctl enter for further terminals.");
    }
  }

  private Optional<RunningContainer> running(Ctid ctid) {
    try {
      return Optional.of(containers.running(ctid));
    } catch (LaminaException e) {
      if (e.exitCode() == ExitCode.NOT_RUNNING || e.exitCode() == ExitCode.NO_CONTAINER_CONFIG) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void follow(RunningContainer container, Caller caller) {
    Path log = container.consoleLog();
    IntConsumer signals = number -> killOnConsole(container);
    try (Fd master = container.consoleMaster();
        Caller.Session session = caller.showConsole(master, log, signals)) {
      CompletableFuture.anyOf(container.exit(), caller.gone()).join();
    }
  }

  private static void killOnConsole(RunningContainer container) {
    ExecHandle script =
        container.exec(
            new ExecSpec(
                List.of("/bin/sh", "-c", KILL_SCRIPT),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                NO_STDIO,
                ExecSpec.TerminalSize.DEFAULT));
    var _ = script.exit().thenRun(() -> script.terminal().ifPresent(Fd::close));
  }

  private static void waitFor(CompletableFuture<Void> end, Duration most) {
    end.copy().completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** The kill script needs no descriptors; a terminal of its own stands for them. */
  private static final ExecSpec.@Nullable Stdio NO_STDIO = null;

  /** Kills every process but init whose controlling terminal is the one behind /dev/console. */
  private static final String KILL_SCRIPT =
      """
      set -f
      want=$(stat -L -c '%Hr %Lr' /dev/console) || exit 1
      major=${want% *} minor=${want#* }
      console=$(( (major << 8) | (minor & 255) | ((minor & ~255) << 12) ))
      set +f
      for file in /proc/[0-9]*/stat; do
        { read -r line < "$file"; } 2>/dev/null || continue
        pid=${line%% *}
        set -- ${line##*) }
        [ "$pid" != 1 ] && [ "$5" = "$console" ] && kill -KILL "$pid"
      done
      """;
}
