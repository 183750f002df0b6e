package org.lamina.manager.api;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.patch.ContainerReport;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.RolloutPlan;
import org.lamina.manager.core.patch.RolloutRequest;
import org.lamina.manager.core.patch.Run;
import org.lamina.manager.core.patch.RunReport;
import org.lamina.manager.core.patch.StaleProcess;
import org.lamina.manager.core.patch.TemplateStatus;
import org.lamina.manager.core.patch.Waves;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.Remaining;

/** Patching as the API shows it and is asked for it. */
final class PatchJson {
  private PatchJson() {}

  /**
   * What the next generation shall differ in; everything null means all packages. At most one of
   * the first three.
   *
   * @param security only security updates
   * @param packages {@code NAME[=VERSION]}
   * @param script text of a script for the build container
   */
  record Update(
      @Nullable Boolean security,
      @Nullable List<String> packages,
      @Nullable String script,
      @Nullable Boolean dryRun) {
    /**
     * @throws LaminaException BAD_PARAMETER
     */
    UpdateRequest request() {
      boolean secure = Boolean.TRUE.equals(security);
      if ((secure ? 1 : 0) + (packages == null ? 0 : 1) + (script == null ? 0 : 1) > 1) {
        throw bad("security, packages and script exclude each other");
      }
      UpdateRequest asked =
          packages != null
              ? UpdateRequest.packages(packages)
              : script != null
                  ? UpdateRequest.script(script)
                  : secure ? UpdateRequest.security() : UpdateRequest.everything();
      return Boolean.TRUE.equals(dryRun) ? asked.asDryRun() : asked;
    }
  }

  /**
   * A roll-out or roll-back; null takes what the commands take.
   *
   * @param to generation
   * @param containers CTIDs, none for all
   * @param mode {@code live}, {@code restart} or {@code next-start}
   * @param waves such as {@code 1,10%,100%}
   * @param health command line for a shell inside
   * @param services {@code auto}, {@code never} or {@code list}
   * @param readySeconds 1..86400
   */
  record Rollout(
      @Nullable Integer to,
      @Nullable List<Integer> containers,
      @Nullable String mode,
      @Nullable String waves,
      @Nullable Integer maxFailures,
      @Nullable String health,
      @Nullable String services,
      @Nullable Integer readySeconds) {
    /**
     * @throws LaminaException BAD_PARAMETER
     */
    RolloutRequest request(String template) {
      RolloutRequest base = RolloutRequest.of(template);
      return new RolloutRequest(
          template,
          to,
          containers == null ? List.of() : containers.stream().map(Ctid::new).toList(),
          mode == null ? base.mode() : one(RolloutRequest.Mode.class, "mode", mode),
          waves == null ? base.waves() : Waves.parse(waves),
          maxFailures == null
              ? base.maxFailures()
              : within("maxFailures", maxFailures, 0, 1_000_000),
          health,
          services == null
              ? base.services()
              : one(RolloutRequest.Services.class, "services", services),
          readySeconds == null
              ? base.readySeconds()
              : within("readySeconds", readySeconds, 1, 86_400));
    }
  }

  private static int within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw bad(name + " is not within " + least + ".." + most + ": " + value);
    }
    return value;
  }

  private static <E extends Enum<E>> E one(Class<E> type, String name, String text) {
    try {
      return Enum.valueOf(type, text.replace('-', '_').toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw bad("bad value for " + name + ": '" + Printable.shorten(text, 40) + "'");
    }
  }

  private static LaminaException bad(String what) {
    return new LaminaException(ExitCode.BAD_PARAMETER, what);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<Integer> numbers(List<Ctid> ctids) {
    return ctids.stream().map(Ctid::value).toList();
  }

  /** A generation with its history. */
  record Generation(
      int number,
      @Nullable Integer parent,
      Instant created,
      long bytes,
      int packages,
      String reason,
      List<PackageChange> changes,
      List<HeldPackage> held,
      List<Integer> containers) {
    static Generation of(PatchService.HistoryEntry entry) {
      var d = entry.details();
      return new Generation(
          d.generation().number(),
          d.parent(),
          d.generation().created(),
          d.generation().bytes(),
          d.generation().packages(),
          d.reason(),
          d.changes(),
          d.held(),
          numbers(entry.containers()));
    }
  }

  /** What a roll-out would do. */
  record Plan(String template, int to, List<PackageChange> packages, List<Planned> containers) {
    static Plan of(RolloutPlan plan) {
      return new Plan(
          plan.template(),
          plan.to(),
          plan.packages(),
          plan.containers().stream().map(Planned::of).toList());
    }
  }

  /**
   * What it would do to one container.
   *
   * @param planClass {@code clean}, {@code mergeable}, {@code diverged}, {@code pinned} or {@code
   *     current}
   */
  record Planned(
      int ctid,
      int from,
      boolean running,
      String planClass,
      boolean blocked,
      List<String> actions,
      List<Remaining> remaining,
      List<String> notes) {
    static Planned of(RolloutPlan.Planned p) {
      return new Planned(
          p.ctid().value(),
          p.from(),
          p.running(),
          word(p.plan().planClass()),
          p.blocked(),
          p.plan().actions(),
          p.plan().remaining(),
          p.plan().notes());
    }
  }

  /** How far containers are behind. */
  record Status(String template, int newest, long bytes, boolean behind, List<StateOf> containers) {
    static Status of(TemplateStatus status) {
      return new Status(
          status.template(),
          status.newest(),
          status.templateBytes(),
          status.behind(),
          status.containers().stream().map(c -> StateOf.of(status, c)).toList());
    }
  }

  /** One container's. */
  record StateOf(
      int ctid,
      int generation,
      boolean behind,
      boolean running,
      boolean pinned,
      @Nullable Integer next,
      List<Remaining> remaining,
      List<StaleProcess> stale) {
    static StateOf of(TemplateStatus status, TemplateStatus.State c) {
      return new StateOf(
          c.ctid().value(),
          c.generation(),
          status.behind(c),
          c.running(),
          c.pinned(),
          c.next(),
          c.remaining(),
          c.stale());
    }
  }

  /** A roll-out that was, or is under way. */
  record RunOf(
      long id,
      String action,
      String template,
      @Nullable Integer to,
      List<Integer> only,
      String mode,
      String waves,
      String state,
      Instant started,
      @Nullable Instant ended,
      @Nullable String message) {
    static RunOf of(Run run) {
      RolloutRequest request = run.request();
      return new RunOf(
          run.id(),
          run.action(),
          request.template(),
          request.to(),
          numbers(request.only()),
          word(request.mode()),
          request.waves().toString(),
          word(run.state()),
          run.started(),
          run.ended(),
          run.message());
    }
  }

  /** A run with what it did to each container. */
  record Report(RunOf run, boolean behind, List<ContainerReport> containers) {
    static Report of(RunReport report) {
      return new Report(RunOf.of(report.run()), report.behind(), report.containers());
    }
  }
}
