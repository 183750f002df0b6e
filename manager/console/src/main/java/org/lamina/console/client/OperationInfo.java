package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the daemon's work as the API tells it.
 *
 * @param state RUNNING, DONE, FAILED, CANCELLED or INTERRUPTED
 * @param percent -1 where unknown
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OperationInfo(
    long id,
    String kind,
    String target,
    String state,
    Instant started,
    @Nullable Instant ended,
    int percent,
    @Nullable String message,
    @Nullable Integer exitCode) {
  public boolean running() {
    return state.equals("RUNNING");
  }

  public boolean done() {
    return state.equals("DONE");
  }
}
