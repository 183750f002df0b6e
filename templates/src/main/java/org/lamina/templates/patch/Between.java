package org.lamina.templates.patch;

import java.nio.file.Path;
import java.util.List;

/**
 * Two generations of one template.
 *
 * @param baseLayers roots of the older state's layers, uppermost first; they are only read
 * @param nextLayers roots of the newer state's layers, likewise
 * @param scratch a directory for temporary files, on a disk that layers can lie on; what a daemon
 *     that died has left there is gone
 */
public record Between(
    GenerationDiff diff,
    TemplateTree base,
    TemplateTree next,
    List<Path> baseLayers,
    List<Path> nextLayers,
    Path scratch) {
  public Between {
    baseLayers = List.copyOf(baseLayers);
    nextLayers = List.copyOf(nextLayers);
  }

  /** A family that knows generations by their files alone. */
  public interface Knowledge {
    /** The {@code family} of the definitions that it is about. */
    String family();

    /**
     * @throws java.io.IOException if a generation has no package database, or one that cannot be
     *     read
     */
    PackageFamily of(Between generations) throws java.io.IOException;
  }
}
