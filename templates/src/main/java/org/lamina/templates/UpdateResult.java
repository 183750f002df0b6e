package org.lamina.templates;

import java.util.List;
import java.util.Optional;
import org.lamina.templates.patch.PackageChange;

/**
 * What an update did, or would do.
 *
 * @param base number of the generation that was updated
 * @param generation the new generation; present exactly if {@code outcome} is PUBLISHED
 * @param changes packages old and new, sorted by name, then architecture
 * @param held packages that stay old, sorted by name
 * @param downloadBytes size of the fetched packages; 0 if none were fetched
 * @param layerBytes disk space of the new layer; 0 if none was made
 */
public record UpdateResult(
    Outcome outcome,
    int base,
    Optional<Generation> generation,
    List<PackageChange> changes,
    List<HeldPackage> held,
    long downloadBytes,
    long layerBytes) {
  /** How an update ended. */
  public enum Outcome {
    PUBLISHED,
    /** The archive has nothing that this generation lacks; nothing was published. */
    NOTHING_TO_DO,
    /** Nothing was published, because only the plan was asked for. */
    DRY_RUN
  }

  public UpdateResult {
    changes = List.copyOf(changes);
    held = List.copyOf(held);
  }
}
