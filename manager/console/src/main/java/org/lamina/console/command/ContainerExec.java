package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.Programs;
import org.lamina.console.view.Human;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code container exec}, {@code exec2} and {@code exec3}, on one container or on many at once. */
final class ContainerExec extends ConsoleCommand {
  private static final int AT_ONCE = 8;

  private final Toolbox tools;
  private final String kind;

  /**
   * @param kind {@code exec}, {@code exec2} or {@code exec3}
   */
  ContainerExec(Toolbox tools, String kind) {
    super(spec(kind), tools.surroundings());
    this.tools = tools;
    this.kind = kind;
  }

  private static CommandSpec spec(String kind) {
    String summary =
        switch (kind) {
          case "exec" -> "run a shell command inside; any failure exits 8";
          case "exec2" -> "run a shell command inside; exits with its code";
          default -> "run a program inside without a shell; exits with its code";
        };
    return CommandSpec.of(CommandSpec.Group.CONTAINERS, "container " + kind, summary, kind)
        .verbatimAfter("SELECTOR COMMAND [ARG...]", Source.RUNNING)
        .options(CommandSpec.JSON)
        .notes(
            """
            On one container the command has this terminal. On several it runs in parallel with
            no input; what each printed is shown together, and exit codes are summed up. With
            -j before the SELECTOR every container gives an object with exitCode and output.
            """)
        .examples(
            kind + " 101 systemctl is-system-running",
            kind + (kind.equals("exec3") ? " web* uname -r" : " web* 'df -h / | tail -1'"));
  }

  @Override
  protected int run(CommandCall call) {
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    List<String> words = call.in().from(1);
    return chosen.size() == 1 && !call.json()
        ? tools.programs().foreground(command(chosen.getFirst(), words))
        : many(chosen, words, call);
  }

  private List<String> command(ContainerInfo c, List<String> words) {
    List<String> command = new ArrayList<>(List.of("vzctl", kind, Integer.toString(c.ctid())));
    command.addAll(words);
    return command;
  }

  private int many(List<ContainerInfo> chosen, List<String> words, CommandCall call) {
    TreeMap<Integer, Integer> codes = new TreeMap<>();
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    int first = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        Interrupts.Watch _ = tools.interrupts().during(pool::shutdownNow)) {
      List<Future<Programs.Captured>> results =
          chosen.stream()
              .map(c -> pool.submit(() -> tools.programs().capture(command(c, words))))
              .toList();
      for (int i = 0; i < chosen.size(); i++) {
        Programs.Captured result = results.get(i).get();
        if (call.json()) {
          all.add(object(chosen.get(i), result));
        } else {
          show(chosen.get(i), result, call);
        }
        codes.merge(result.code(), 1, Integer::sum);
        first = first == 0 ? result.code() : first;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Follower.INTERRUPTED;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LaminaException known
          ? known
          : new LaminaException(ExitCode.SYSTEM, "exec failed: " + e.getCause(), null, e);
    }
    if (call.json()) {
      call.print(all);
      return first;
    }
    String summary =
        codes.entrySet().stream()
            .map(e -> e.getValue() + " exited " + e.getKey())
            .collect(Collectors.joining(", "));
    call.note(
        first == 0 ? Tint.STRONG : Tint.BAD,
        Human.count(chosen.size(), "container") + ": " + summary);
    return first;
  }

  private static ObjectNode object(ContainerInfo c, Programs.Captured result) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ctid", c.ctid())
        .put("name", c.name())
        .put("exitCode", result.code())
        .put("output", result.output());
  }

  private static void show(ContainerInfo c, Programs.Captured result, CommandCall call) {
    String code = result.code() == 0 ? "" : " exited " + result.code();
    Tint tint = result.code() == 0 ? Tint.STRONG : Tint.BAD;
    call.line(call.screen().paint(tint, c.title() + code));
    call.out().print(result.output().isEmpty() ? "" : result.output().indent(2));
    call.out().flush();
  }
}
