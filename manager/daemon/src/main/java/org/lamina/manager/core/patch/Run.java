package org.lamina.manager.core.patch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One roll-out or roll-back as it is kept.
 *
 * @param id counts up from 1
 * @param action {@code rollout} or {@code rollback}
 * @param request what was asked, with the generation filled in
 * @param message how it ended, or null
 */
public record Run(
    long id,
    String action,
    RolloutRequest request,
    State state,
    Instant started,
    @Nullable Instant ended,
    @Nullable String message) {
  public enum State {
    RUNNING,
    DONE,
    /** More containers failed than were allowed to, or somebody cancelled it. */
    STOPPED
  }

  Run ended(State how, String text) {
    return new Run(id, action, request, how, started, Instant.now(), text);
  }
}
