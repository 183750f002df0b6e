package org.lamina.manager.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work the daemon does or did, as it is shown and kept.
 *
 * @param kind verb, such as {@code start}
 * @param target CTID or template name
 * @param percent 0..100, or -1 where unknown
 * @param message the last progress line, or what failed
 * @param exitCode null while it runs
 */
public record Operation(
    long id,
    String kind,
    String target,
    State state,
    Instant started,
    @Nullable Instant ended,
    int percent,
    @Nullable String message,
    @Nullable Integer exitCode) {
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    /** The daemon ended in the middle; the reconciler took it from there. */
    INTERRUPTED
  }

  Operation ended(State state, int exitCode, @Nullable String message) {
    return new Operation(
        id, kind, target, state, started, Instant.now(), percent, message, exitCode);
  }

  Operation at(int percent, String message) {
    return new Operation(id, kind, target, state, started, ended, percent, message, exitCode);
  }
}
