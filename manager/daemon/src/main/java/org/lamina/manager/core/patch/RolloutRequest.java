package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;

/**
 * What an operator asked of a roll-out.
 *
 * @param to generation to reach, null for the newest
 * @param only containers to look at, empty for every dependent one
 * @param maxFailures containers that may fail before no further wave begins
 * @param health command line for a shell inside that must end with 0, or null
 * @param readySeconds how long init may take to be ready after a restart, 1..86400
 */
public record RolloutRequest(
    String template,
    @Nullable Integer to,
    List<Ctid> only,
    Mode mode,
    Waves waves,
    int maxFailures,
    @Nullable String health,
    Services services,
    int readySeconds) {
  /** What happens to running containers. */
  public enum Mode {
    /** They run on; where that cannot be, they are reported as pending. */
    LIVE,
    RESTART,
    NEXT_START
  }

  /** What happens to services that still run old code after a live exchange. */
  public enum Services {
    AUTO,
    NEVER,
    LIST
  }

  public RolloutRequest {
    only = List.copyOf(only);
  }

  /** With the values that hold where an operator says nothing. */
  public static RolloutRequest of(String template) {
    return new RolloutRequest(
        template, null, List.of(), Mode.LIVE, Waves.DEFAULT, 0, null, Services.AUTO, 120);
  }

  public RolloutRequest to(@Nullable Integer generation, List<Ctid> containers) {
    return new RolloutRequest(
        template, generation, containers, mode, waves, maxFailures, health, services, readySeconds);
  }
}
