package org.lamina.manager.core.patch;

import java.util.List;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.Step;

/** Questions about the steps of a plan. */
final class Steps {
  private Steps() {}

  /** Paths of which only the object itself is replaced. */
  static List<String> single(PatchPlan plan) {
    return plan.steps().stream()
        .filter(s -> !(s instanceof Step.Prune))
        .map(Step::path)
        .distinct()
        .toList();
  }

  /** Paths of which everything below goes with them. */
  static List<String> trees(PatchPlan plan) {
    return plan.steps().stream()
        .filter(Step.Prune.class::isInstance)
        .map(Step::path)
        .distinct()
        .toList();
  }
}
