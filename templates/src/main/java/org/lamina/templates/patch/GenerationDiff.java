package org.lamina.templates.patch;

import java.util.List;

/**
 * What differs between two generations of one template.
 *
 * @param paths sorted by path
 * @param packages sorted by name, then architecture
 */
public record GenerationDiff(
    String template, int from, int to, List<PathChange> paths, List<PackageChange> packages) {
  public GenerationDiff {
    paths = List.copyOf(paths);
    packages = List.copyOf(packages);
  }
}
