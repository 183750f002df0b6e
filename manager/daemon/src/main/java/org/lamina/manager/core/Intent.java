package org.lamina.manager.core;

import java.time.Instant;
import org.lamina.schema.Ctid;

/**
 * What is being done to a container, written down before the first effect and cleared after the
 * last, so that the next daemon start can finish or undo it.
 *
 * @param data what the step needs to be finished, such as the name of a directory moved aside; may
 *     be empty
 */
public record Intent(Ctid ctid, Kind kind, String data, Instant since) {
  public enum Kind {
    /** Undone: private area, row and id range go. */
    CREATING,
    /** Kept when init lives, else swept and stopped. */
    STARTING,
    /** Finished. */
    STOPPING,
    /** Finished. */
    DESTROYING,
    /** Undone: the row goes, the private area stays. */
    REGISTERING,
    /** Moving to another generation: finished, or undone where that cannot be. */
    SWITCHING
  }

  public static Intent of(Ctid ctid, Kind kind) {
    return new Intent(ctid, kind, "", Instant.now());
  }

  public static Intent of(Ctid ctid, Kind kind, String data) {
    return new Intent(ctid, kind, data, Instant.now());
  }
}
