package org.lamina.console.command;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Keyboard;
import org.lamina.console.view.Human;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code top}: the whole screen, drawn again and again until a key ends it. */
final class Top extends ConsoleCommand {
  private static final String HOME = "\u001b[H";
  private static final String WIPE_LINE = "\u001b[K";
  private static final String WIPE_BELOW = "\u001b[J";
  private static final int FRAME_LINES = 3;
  private static final CommandSpec SPEC =
      CommandSpec.of(CommandSpec.Group.CONTAINERS, "container top", "live view of what runs", "top")
          .operands("[SELECTOR]", 0, 1, Source.RUNNING)
          .options(
              OptionSpec.choice("--sort", "KEY", Sample.Key.words(), "cpu, memory, numproc or ctid")
                  .or("-s"),
              OptionSpec.value("--interval", "SECONDS", "between two views, 1 by default").or("-i"))
          .notes("Keys: c, m, p and i sort by CPU, memory, processes and id; q leaves.")
          .examples("top", "top web* --sort memory");

  private final Daemon daemon;
  private final Keyboard keyboard;

  Top(Toolbox tools, Keyboard keyboard) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.keyboard = keyboard;
  }

  @Override
  protected int run(CommandCall call) {
    Sample.Key key = Sample.Key.named(call.in().get("--sort"));
    Duration interval = ContainerStat.interval(call.in().get("--interval"));
    String selector = call.in().operands().isEmpty() ? null : call.in().operand(0);
    if (!call.screen().terminal()) {
      throw new LaminaException(
          ExitCode.USAGE, "top needs a terminal", "Without one: container stat");
    }
    Sample before = ContainerStat.sample(daemon, selector);
    try (Keyboard.Session keys = keyboard.open()) {
      draw(call, List.of(), key, "measuring");
      while (true) {
        int pressed = keys.key(interval);
        if (pressed == Keyboard.END || pressed == 'q') {
          return 0;
        }
        key = Sample.Key.pressed(pressed).orElse(key);
        before = show(call, before, selector, key);
      }
    }
  }

  private Sample show(CommandCall call, Sample before, @Nullable String selector, Sample.Key key) {
    try {
      Sample now = ContainerStat.sample(daemon, selector);
      draw(call, now.since(before, key), key, "");
      return now;
    } catch (LaminaException e) {
      draw(call, List.of(), key, e.text());
      return before;
    }
  }

  private void draw(CommandCall call, List<Sample.Use> uses, Sample.Key key, String trouble) {
    double cpu = uses.stream().mapToDouble(Sample.Use::cpu).sum();
    long memory = uses.stream().mapToLong(Sample.Use::memory).sum();
    String head =
        Human.count(uses.size(), "container")
            + " running, CPU "
            + Human.percent(Math.rint(cpu))
            + "%, memory "
            + Human.size(memory)
            + "; by "
            + key.word()
            + " (c m p i), q leaves";
    int lines = Math.max(1, keyboard.height() - FRAME_LINES);
    StringBuilder screen = new StringBuilder(HOME);
    line(screen, call.screen().paint(Tint.STRONG, fitted(head, call)));
    line(screen, call.screen().paint(Tint.WARN, fitted(trouble, call)));
    Sample.table(uses.subList(0, Math.min(lines, uses.size())))
        .render(call.screen().width(), call.screen().colour())
        .lines()
        .forEach(l -> line(screen, l));
    call.out().print(screen.append(WIPE_BELOW));
    call.out().flush();
  }

  private static String fitted(String text, CommandCall call) {
    int width = call.screen().width();
    return width > 0 ? Table.cut(text, width) : text;
  }

  private static void line(StringBuilder screen, String text) {
    screen.append(text).append(WIPE_LINE).append("\r\n");
  }
}
