package org.lamina.templates.patch;

import java.util.List;
import org.lamina.schema.Ctid;

/**
 * What a roll-out would do to one container, for people and reports.
 *
 * @param remaining what will still be old afterwards; empty unless diverged or pinned
 * @param actions what will be done besides moving to the generation, one clause each
 * @param notes what is worth knowing, one clause each
 */
public record ContainerPlan(
    Ctid ctid,
    PlanClass planClass,
    List<Remaining> remaining,
    List<String> actions,
    List<String> notes) {
  public ContainerPlan {
    remaining = List.copyOf(remaining);
    actions = List.copyOf(actions);
    notes = List.copyOf(notes);
  }
}
