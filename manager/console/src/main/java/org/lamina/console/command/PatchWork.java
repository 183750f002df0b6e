package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.client.Scripted;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * The commands of patching that change something: what moves containers or deletes generations is
 * shown and agreed to first. The work is vzpkg's own; Ctrl-C leaves it to go on or cancels it.
 */
final class PatchWork extends ConsoleCommand {
  /** What is done: vzpkg's words, the operation it becomes, and how much has to be agreed to. */
  private enum Kind {
    UPDATE("update cache", "update-template"),
    ROLLOUT("rollout", "rollout"),
    ROLLBACK("rollback", "rollback"),
    GC("gc", "gc");

    private final String words;
    private final String operation;

    Kind(String words, String operation) {
      this.words = words;
      this.operation = operation;
    }
  }

  private final Toolbox tools;
  private final Kind kind;

  private PatchWork(Toolbox tools, CommandSpec spec, Kind kind) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.kind = kind;
  }

  static List<ConsoleCommand> all(Toolbox tools) {
    CommandSpec update =
        spec("update", "build the next generation; no container changes", "update cache")
            .operands("TEMPLATE", 1, 1, Source.TEMPLATES)
            .options(PatchOptions.UPDATE)
            .options(OptionSpec.flag("--dry-run", "only show what would change"), CommandSpec.JSON)
            .notes("What a roll-out of it would do is shown by: template plan")
            .examples("template update debian-12 --security", "update debian-12 --dry-run");
    CommandSpec rollout =
        spec("rollout", "move containers to a generation of their template")
            .operands("TEMPLATE [SELECTOR]", 1, 2, Source.TEMPLATES)
            .options(PatchOptions.MOVING)
            .notes(
                """
                Shows the plan and asks. Running containers go on running where that is possible;
                where something inside is in the way they are pending, never forced. Exits 22 if
                something is behind afterwards, 3 if something failed.
                """)
            .examples(
                "template rollout debian-12",
                "rollout debian-12 label:env=test --restart --waves 1,10%,100%");
    CommandSpec rollback =
        spec("rollback", "move containers back to an older generation")
            .operands("TEMPLATE [SELECTOR]", 1, 2, Source.TEMPLATES)
            .options(PatchOptions.MOVING)
            .notes("Without --to, the generation before the newest one that a container has.")
            .examples("template rollback debian-12", "rollback debian-12 101 --to 2");
    CommandSpec gc =
        spec("gc", "delete generations that nobody needs")
            .operands("[TEMPLATE]", 0, 1, Source.TEMPLATES)
            .options(CommandSpec.YES, CommandSpec.JSON)
            .notes("What containers are on stays, and so do the newest and the one before it.")
            .examples("template gc", "gc debian-12 --yes");
    return List.of(
        new PatchWork(tools, update, Kind.UPDATE),
        new PatchWork(tools, rollout, Kind.ROLLOUT),
        new PatchWork(tools, rollback, Kind.ROLLBACK),
        new PatchWork(tools, gc, Kind.GC));
  }

  private static CommandSpec spec(String word, String summary, String... more) {
    List<String> aliases = new ArrayList<>(List.of(word));
    aliases.addAll(List.of(more));
    return CommandSpec.of(
        CommandSpec.Group.TEMPLATES, "template " + word, summary, aliases.toArray(String[]::new));
  }

  @Override
  protected int run(CommandCall call) {
    List<String> operands = call.in().operands();
    List<String> target = new ArrayList<>(operands.subList(0, Math.min(1, operands.size())));
    if (operands.size() > 1) {
      target.addAll(PatchOptions.containers(operands.get(0), operands.get(1), tools.daemon()));
    }
    if (kind != Kind.UPDATE && !call.agreed(() -> question(target, call))) {
      call.note(Tint.PLAIN, "Nothing was changed");
      return ExitCode.USAGE.code();
    }
    List<String> words = new ArrayList<>(List.of(kind.words.split(" ")));
    words.addAll(target);
    for (OptionSpec option : spec().options()) {
      words.addAll(PatchOptions.given(option, call.in()));
    }
    try {
      return follow(words, target, call);
    } finally {
      tools.vocabulary().forget();
    }
  }

  /** Shows what will happen, where that can be said, and what is to be agreed to. */
  private String question(List<String> target, CommandCall call) {
    if (kind == Kind.GC) {
      return "Generations that nobody needs will be deleted. Go on?";
    }
    if (kind == Kind.ROLLBACK && !call.in().has(PatchOptions.TO)) {
      show(List.of("status", target.getFirst()), call);
      return "These containers go back to the generation before the newest of theirs. Go on?";
    }
    List<String> plan = new ArrayList<>(List.of("plan"));
    plan.addAll(target);
    plan.addAll(PatchOptions.given(PatchOptions.TO, call.in()));
    int code = show(plan, call);
    if (code != 0) {
      throw new LaminaException(
          code == ExitCode.TEMPLATE_NOT_FOUND.code()
              ? ExitCode.TEMPLATE_NOT_FOUND
              : ExitCode.BAD_PARAMETER,
          "there is no plan, so nothing was changed");
    }
    return "Go on?";
  }

  private int show(List<String> words, CommandCall call) {
    return tools
        .daemon()
        .scripted()
        .run("vzpkg", words, new ScriptedOutput(call.answeringOn(call.screen().err()), false));
  }

  private int follow(List<String> words, List<String> target, CommandCall call) {
    AtomicBoolean interrupted = new AtomicBoolean();
    ScriptedOutput output = new ScriptedOutput(call, false);
    try (Scripted.Run run = tools.daemon().scripted().open("vzpkg", words);
        Interrupts.Watch _ =
            tools
                .interrupts()
                .during(() -> {
                  interrupted.set(true);
                  run.close();
                })) {
      return run.finish(output);
    } catch (LaminaException e) {
      if (!interrupted.get()) {
        throw e;
      }
    }
    output.erase();
    return left(target, call);
  }

  /** The reader left; what the daemon does goes on until somebody says otherwise. */
  private int left(List<String> target, CommandCall call) {
    Optional<OperationInfo> running = running(target);
    if (running.isEmpty()) {
      call.note(Tint.PLAIN, "Interrupted; it had ended already. See: operation list");
      return Follower.INTERRUPTED;
    }
    boolean moves = kind == Kind.ROLLOUT || kind == Kind.ROLLBACK;
    try {
      return new Follower(tools, call).resume(running.get());
    } finally {
      if (moves && !tools.daemon().operation(running.get().id()).running()) {
        call.note(Tint.PLAIN, "What came of each container is shown by: template report");
      }
    }
  }

  /** There is one such operation for a template at a time. */
  private Optional<OperationInfo> running(List<String> target) {
    return tools.daemon().operations(100).stream()
        .filter(OperationInfo::running)
        .filter(o -> o.kind().equals(kind.operation))
        .filter(o -> target.isEmpty() || o.target().equals(target.getFirst()))
        .findFirst();
  }
}
