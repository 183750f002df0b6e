package org.lamina.manager.cli;

import java.util.List;
import java.util.Optional;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.patch.ContainerReport;
import org.lamina.manager.core.patch.Outcome;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.RolloutPlan;
import org.lamina.manager.core.patch.RolloutRequest;
import org.lamina.manager.core.patch.Run;
import org.lamina.manager.core.patch.RunReport;
import org.lamina.manager.core.patch.StaleProcess;
import org.lamina.manager.core.patch.TemplateStatus;
import org.lamina.schema.Ctid;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** Answers as a host on which container 101 is pinned. */
public final class FakePatches implements PatchService {
  private static final List<Remaining> OLD =
      List.of(
          new Remaining("libssl3 3.0.11", "the operator pinned the container", "vzpkg unpin 101"));
  private static final List<PackageChange> PACKAGES =
      List.of(new PackageChange("libssl3", "amd64", "3.0.11", "3.0.17", true));

  @Override
  public UpdateResult update(String template, UpdateRequest request, Listener listener) {
    return new UpdateResult(
        request.dryRun() ? UpdateResult.Outcome.DRY_RUN : UpdateResult.Outcome.PUBLISHED,
        0,
        request.dryRun() ? Optional.empty() : Optional.of(Samples.generation(template)),
        PACKAGES,
        List.of(),
        0,
        0);
  }

  @Override
  public List<HistoryEntry> history(String template) {
    return List.of();
  }

  @Override
  public RolloutPlan plan(String template, Integer to, List<Ctid> only) {
    return new RolloutPlan(
        template,
        1,
        PACKAGES,
        List.of(
            new RolloutPlan.Planned(
                new Ctid(101),
                0,
                true,
                false,
                new ContainerPlan(new Ctid(101), PlanClass.PINNED, OLD, List.of(), List.of()))));
  }

  @Override
  public RunReport rollout(RolloutRequest request, Listener listener) {
    return new RunReport(
        new Run(
            1,
            "rollout",
            request.to(1, request.only()),
            Run.State.DONE,
            Samples.NOW,
            Samples.NOW,
            "0 failed"),
        List.of(
            new ContainerReport(
                101,
                Outcome.PINNED,
                0,
                1,
                "-",
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                OLD,
                List.of(),
                null)));
  }

  @Override
  public RunReport rollback(RolloutRequest request, Listener listener) {
    return rollout(request, listener);
  }

  @Override
  public TemplateStatus status(String template) {
    List<TemplateStatus.State> states =
        List.of(
            new TemplateStatus.State(
                new Ctid(101),
                0,
                true,
                true,
                null,
                OLD,
                List.of(
                    new StaleProcess(
                        4711, "nginx", "nginx.service", List.of("/usr/lib/libssl.so.3")))),
            new TemplateStatus.State(new Ctid(102), 1, false, false, null, List.of(), List.of()));
    return new TemplateStatus(
        template, 1, 1 << 20, template.equals("debian-12") ? states : List.of());
  }

  @Override
  public void pin(Ctid ctid, boolean pinned, Listener listener) {
    listener.say((pinned ? "pinned " : "unpinned ") + ctid);
  }

  @Override
  public List<GenerationDetails> gc(String template, Listener listener) {
    return List.of();
  }

  @Override
  public List<Run> runs(int limit) {
    return List.of(rollout(RolloutRequest.of("debian-12"), Listener.SILENT).run());
  }

  @Override
  public Optional<RunReport> report(Long run) {
    return run == null || run == 1
        ? Optional.of(rollout(RolloutRequest.of("debian-12"), Listener.SILENT))
        : Optional.empty();
  }
}
