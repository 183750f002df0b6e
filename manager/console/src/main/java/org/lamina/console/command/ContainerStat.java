package org.lamina.console.command;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.select.Selector;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code container stat}: what containers use, measured over a moment. */
final class ContainerStat extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS,
              "container stat",
              "what running containers use now",
              "stat")
          .operands("[SELECTOR]", 0, 1, Source.RUNNING)
          .options(
              OptionSpec.choice("--sort", "KEY", Sample.Key.words(), "cpu, memory, numproc or ctid")
                  .or("-s"),
              Measurement.INTERVAL,
              Measurement.UBC,
              CommandSpec.JSON)
          .notes(
              """
              One container, and with -j or --ubc each, is shown with all that vzctl stat says of
              it. CPU% is percent of one CPU. A view that goes on is shown by: top
              """)
          .examples("container stat", "stat web* --sort memory", "stat 101", "stat all -j");

  private final Daemon daemon;

  ContainerStat(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
  }

  @Override
  protected int run(CommandCall call) {
    String selector = call.in().operands().isEmpty() ? null : call.in().operand(0);
    boolean all = call.json() || call.in().has(Measurement.UBC);
    if (all || selector != null) {
      List<ContainerInfo> meant = meant(selector);
      if (all || (meant.size() == 1 && !call.in().has("--sort"))) {
        return new Measurement(daemon.scripted(), call).print(meant);
      }
    }
    return table(selector, call);
  }

  /** Those that run; one that was named is measured, or said not to run, in any case. */
  private List<ContainerInfo> meant(@Nullable String selector) {
    List<ContainerInfo> meant =
        selector == null ? daemon.containers() : Chosen.of(selector, daemon);
    return selector != null && meant.size() == 1
        ? meant
        : meant.stream().filter(ContainerInfo::running).toList();
  }

  private int table(@Nullable String selector, CommandCall call) {
    Sample.Key key = Sample.Key.named(call.in().get("--sort"));
    Duration interval = interval(call.in().get("--interval"));
    Sample before = sample(daemon, selector);
    pause(interval);
    List<Sample.Use> uses = sample(daemon, selector).since(before, key);
    if (uses.isEmpty()) {
      call.line("Nothing runs");
    } else {
      call.print(Sample.table(uses));
    }
    return 0;
  }

  static Sample sample(Daemon daemon, @Nullable String selector) {
    List<ContainerInfo> all = daemon.containers();
    return new Sample(
        System.nanoTime(),
        selector == null ? all : Selector.parse(selector).of(all),
        daemon.counters());
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  static Duration interval(@Nullable String typed) {
    if (typed == null) {
      return Duration.ofSeconds(1);
    }
    if (!typed.matches("[0-9]{1,3}(\\.[0-9]{1,3})?") || Double.parseDouble(typed) < 0.1) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad value for --interval", "Write seconds, such as 2 or 0.5.");
    }
    return Duration.ofMillis((long) (Double.parseDouble(typed) * 1000));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
