package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.Remaining;

/**
 * How far the containers of a template are behind it.
 *
 * @param newest number of the newest generation
 * @param templateBytes disk space of all its generations
 * @param containers by CTID
 */
public record TemplateStatus(
    String template, int newest, long templateBytes, List<State> containers) {
  public TemplateStatus {
    containers = List.copyOf(containers);
  }

  /**
   * @param next generation it gets at its next start, or null
   * @param remaining what is old in it, why, and what can be done
   * @param stale processes that run old code now
   */
  public record State(
      Ctid ctid,
      int generation,
      boolean running,
      boolean pinned,
      @Nullable Integer next,
      List<Remaining> remaining,
      List<StaleProcess> stale) {
    public State {
      remaining = List.copyOf(remaining);
      stale = List.copyOf(stale);
    }
  }

  /** Whether anything is not as new as the template. */
  public boolean behind() {
    return containers.stream().anyMatch(this::behind);
  }

  public boolean behind(State c) {
    return c.generation() != newest || !c.remaining().isEmpty() || !c.stale().isEmpty();
  }
}
