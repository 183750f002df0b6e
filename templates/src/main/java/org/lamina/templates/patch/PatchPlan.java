package org.lamina.templates.patch;

import java.util.List;

/**
 * What a roll-out would do to one container, for those who do it. Holds whole files, so keep the
 * summary and plan again, under the package manager's lock, when applying.
 *
 * @param blocked the container must not be moved until a person has decided; there are no steps
 * @param outdated packages the container has now in an older version than the new generation
 * @param steps in no particular order; {@link PatchExecutor} sorts them
 */
public record PatchPlan(
    ContainerPlan summary, boolean blocked, List<Outdated> outdated, List<Step> steps) {
  public PatchPlan {
    outdated = List.copyOf(outdated);
    steps = List.copyOf(steps);
  }
}
