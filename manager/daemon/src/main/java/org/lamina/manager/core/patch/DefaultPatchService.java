package org.lamina.manager.core.patch;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;

/** The use cases of patching, each in a class of its own. */
public final class DefaultPatchService implements PatchService {
  private final TemplateUpdates updates;
  private final Overview overview;
  private final Rollouts rollouts;
  private final Pins pins;
  private final GarbageCollection garbage;

  DefaultPatchService(
      TemplateUpdates updates,
      Overview overview,
      Rollouts rollouts,
      Pins pins,
      GarbageCollection garbage) {
    this.updates = updates;
    this.overview = overview;
    this.rollouts = rollouts;
    this.pins = pins;
    this.garbage = garbage;
  }

  @Override
  public UpdateResult update(String template, UpdateRequest request, Listener listener) {
    return updates.update(template, request, listener);
  }

  @Override
  public List<HistoryEntry> history(String template) {
    return overview.history(template);
  }

  @Override
  public RolloutPlan plan(String template, @Nullable Integer to, List<Ctid> only) {
    return overview.plan(template, to, only);
  }

  @Override
  public RunReport rollout(RolloutRequest request, Listener listener) {
    return rollouts.rollout(request, listener);
  }

  @Override
  public RunReport rollback(RolloutRequest request, Listener listener) {
    return rollouts.rollback(request, listener);
  }

  /** Goes on, in the background, with what an earlier daemon left in the middle. */
  public void resume() {
    rollouts.resume();
  }

  @Override
  public TemplateStatus status(String template) {
    return overview.status(template);
  }

  @Override
  public void pin(Ctid ctid, boolean pinned, Listener listener) {
    pins.pin(ctid, pinned, listener);
  }

  @Override
  public List<GenerationDetails> gc(@Nullable String template, Listener listener) {
    return garbage.gc(template, listener);
  }

  @Override
  public List<Run> runs(int limit) {
    return overview.runs(limit);
  }

  @Override
  public Optional<RunReport> report(@Nullable Long run) {
    return overview.report(run);
  }
}
