package org.lamina.manager.cli.vzpkg;

import java.util.List;
import java.util.Optional;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.RolloutPlan;
import org.lamina.manager.core.patch.Run;
import org.lamina.manager.core.patch.RunReport;
import org.lamina.manager.core.patch.TemplateStatus;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateResult;

/** The commands of patching. */
final class PatchCommands {
  /** As many as are kept. */
  private static final int KEPT_RUNS = 200;

  private final TemplateService templates;
  private final PatchService patches;

  PatchCommands(TemplateService templates, PatchService patches) {
    this.templates = templates;
    this.patches = patches;
  }

  /** A command that is one method. */
  private record One(CommandSpec spec, Body body) implements Command {
    @Override
    public int run(Call call) {
      return body.run(call, parse(call));
    }
  }

  private interface Body {
    int run(Call call, Parsed parsed);
  }

  List<Command> all() {
    return List.of(
        new One(PatchSpecs.UPDATE, this::update),
        new One(PatchSpecs.PLAN, this::plan),
        new One(PatchSpecs.ROLLOUT, this::rollout),
        new One(PatchSpecs.PATCH, this::patch),
        new One(PatchSpecs.STATUS, this::status),
        new One(PatchSpecs.HISTORY, this::history),
        new One(PatchSpecs.ROLLBACK, this::rollback),
        new One(PatchSpecs.PIN, (call, parsed) -> pin(call, parsed, true)),
        new One(PatchSpecs.UNPIN, (call, parsed) -> pin(call, parsed, false)),
        new One(PatchSpecs.GC, this::gc),
        new One(PatchSpecs.REPORT, this::report));
  }

  private int update(Call call, Parsed parsed) {
    String template = template(parsed.atMost(1, "vzpkg update cache"), "vzpkg update cache");
    UpdateResult result =
        patches.update(template, PatchOptions.update(call, parsed), call.listener(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(List.of(PatchJson.update(result))));
    } else {
      call.out().out(PatchText.update(result));
    }
    return ExitCode.OK.code();
  }

  private int plan(Call call, Parsed parsed) {
    RolloutPlan plan =
        patches.plan(
            template(parsed, "vzpkg plan"),
            PatchOptions.to(parsed),
            PatchOptions.containers(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(PatchJson.plan(plan)));
    } else {
      call.out().out(PatchText.plan(plan));
    }
    return ExitCode.OK.code();
  }

  private int rollout(Call call, Parsed parsed) {
    var request = PatchOptions.rollout(parsed, template(parsed, "vzpkg rollout"));
    return ended(call, parsed, patches.rollout(request, call.listener(parsed)));
  }

  private int rollback(Call call, Parsed parsed) {
    var request = PatchOptions.rollout(parsed, template(parsed, "vzpkg rollback"));
    return ended(call, parsed, patches.rollback(request, call.listener(parsed)));
  }

  private int patch(Call call, Parsed parsed) {
    String template = template(parsed, "vzpkg patch");
    var request = PatchOptions.rollout(parsed, template);
    boolean really = parsed.has("--yes");
    var asked = PatchOptions.update(call, parsed);
    UpdateResult result =
        patches.update(template, really ? asked : asked.asDryRun(), call.listener(parsed));
    RolloutPlan plan = patches.plan(template, request.to(), request.only());
    if (!parsed.has("-j")) {
      call.out().out(PatchText.update(result) + "\n" + PatchText.plan(plan));
    }
    if (!really) {
      throw new LaminaException(
          ExitCode.USAGE,
          "vzpkg patch: nothing was changed, because --yes is not given",
          "This is what there is to do; do it with the same command and --yes.");
    }
    return ended(call, parsed, patches.rollout(request, call.listener(parsed)));
  }

  private int ended(Call call, Parsed parsed, RunReport report) {
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(report.containers()));
    } else {
      call.out().out(PatchText.summary(report));
    }
    return report.exitCode().code();
  }

  private int status(Call call, Parsed parsed) {
    TemplateStatus status =
        patches.status(template(parsed.atMost(1, "vzpkg status"), "vzpkg status"));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(PatchJson.status(status)));
    } else {
      call.out().out(PatchText.status(status));
    }
    return (status.behind() ? ExitCode.BEHIND : ExitCode.OK).code();
  }

  private int history(Call call, Parsed parsed) {
    var history = patches.history(template(parsed.atMost(1, "vzpkg history"), "vzpkg history"));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(PatchJson.history(history)));
    } else {
      call.out().out(PatchText.history(history));
    }
    return ExitCode.OK.code();
  }

  private int pin(Call call, Parsed parsed, boolean pinned) {
    String command = pinned ? "vzpkg pin" : "vzpkg unpin";
    String ctid = parsed.atMost(1, command).container(command);
    patches.pin(Ctid.parse(ctid), pinned, call.listener(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(List.of(PatchJson.pinned(Ctid.parse(ctid), pinned))));
    }
    return ExitCode.OK.code();
  }

  private int gc(Call call, Parsed parsed) {
    List<String> names = parsed.atMost(1, "vzpkg gc").operands();
    var removed =
        patches.gc(
            names.isEmpty() ? null : TemplateNames.resolve(names.getFirst(), templates),
            call.listener(parsed));
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(PatchJson.removed(removed)));
    } else if (removed.isEmpty()) {
      call.listener().say("Nothing to remove");
    }
    return ExitCode.OK.code();
  }

  private int report(Call call, Parsed parsed) {
    List<String> operands = parsed.atMost(1, "vzpkg report").operands();
    if (parsed.has("--list")) {
      List<Run> runs = patches.runs(KEPT_RUNS);
      call.out()
          .out(parsed.has("-j") ? Json.array(PatchJson.runs(runs)) + "\n" : PatchText.runs(runs));
      return ExitCode.OK.code();
    }
    Long number =
        operands.isEmpty()
            ? null
            : Long.valueOf(Values.whole("RUN", operands.getFirst(), 1, Long.MAX_VALUE / 2));
    Optional<RunReport> report = patches.report(number);
    if (report.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          number == null ? "there was no roll-out yet" : "there is no run " + number);
    }
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(report.get().containers()));
    } else {
      call.out().out(PatchText.report(report.get()));
    }
    return ExitCode.OK.code();
  }

  private String template(Parsed parsed, String command) {
    if (parsed.operands().isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE, command + ": no template is given", "vzpkg list shows the templates.");
    }
    return TemplateNames.resolve(parsed.operands().getFirst(), templates);
  }
}
