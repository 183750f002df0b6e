package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** What becomes the report of one container, while it is under way. For one thread. */
final class ReportDraft {
  static final String STOPPED = "stopped";
  static final String LIVE = "live";
  static final String RESTART = "restart";

  private final Ctid ctid;
  private final int to;
  private final long begun = System.nanoTime();
  int from = -1;
  String way = "-";

  /** Something may have been changed. */
  boolean touched;

  /** Units that had failed before, where that is known. */
  Optional<Set<String>> failedBefore = Optional.empty();

  List<StaleProcess> stale = List.of();
  List<Remaining> remaining = List.of();
  final List<String> notes = new ArrayList<>();
  private long readOnlyMicros;
  private List<String> reexecuted = List.of();
  private List<String> restarted = List.of();

  ReportDraft(Ctid ctid, int to) {
    this.ctid = ctid;
    this.to = to;
  }

  void take(Moved moved) {
    readOnlyMicros = moved.readOnlyMicros();
    remaining = new ArrayList<>(moved.plan().remaining());
    remaining.addAll(moved.failed());
    notes.addAll(moved.notes());
  }

  void take(ContainerPlan plan) {
    remaining = plan.remaining();
    notes.addAll(plan.notes());
    if (plan.planClass() == PlanClass.PINNED) {
      way = "-";
    }
  }

  void take(ServiceRestart.Renewed renewed) {
    reexecuted = renewed.reexecuted();
    restarted = renewed.restarted();
    stale = renewed.stale();
  }

  /** What an interrupted run said of it. */
  void take(@Nullable ContainerReport earlier) {
    if (earlier != null) {
      remaining = earlier.remaining();
      notes.addAll(earlier.notes());
    }
  }

  ContainerReport end(Outcome outcome, @Nullable String error) {
    return new ContainerReport(
        ctid.value(),
        outcome,
        from,
        to,
        way,
        (System.nanoTime() - begun) / 1_000_000,
        readOnlyMicros,
        reexecuted,
        restarted,
        stale,
        remaining,
        notes,
        error);
  }
}
