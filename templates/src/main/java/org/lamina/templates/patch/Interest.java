package org.lamina.templates.patch;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which part of a container's delta matters, so that a mail store of a million files is not walked
 * to learn whether a library is shadowed. Immutable; thread safe; made once per roll-out.
 */
public final class Interest {
  private final boolean everything;
  private final Set<String> paths = new HashSet<>();
  private final Set<String> ancestors = new HashSet<>();
  private final Set<String> trees = new HashSet<>();

  private Interest(boolean everything) {
    this.everything = everything;
  }

  public static Interest everything() {
    return new Interest(true);
  }

  /**
   * @param paths objects that matter, each with the directories that lead to it
   * @param trees directories below which everything matters
   */
  public static Interest in(Collection<String> paths, Collection<String> trees) {
    Interest out = new Interest(false);
    out.paths.addAll(paths);
    out.trees.addAll(trees);
    paths.forEach(out::lead);
    trees.forEach(out::lead);
    return out;
  }

  private void lead(String path) {
    int slash = path.lastIndexOf('/');
    while (slash > 0 && ancestors.add(path.substring(0, slash))) {
      slash = path.lastIndexOf('/', slash - 1);
    }
  }

  /** Whether an entry at this path is worth a line. */
  boolean wants(String path) {
    return everything
        || paths.contains(path)
        || ancestors.contains(path)
        || trees.contains(path)
        || inTree(path);
  }

  /** Whether anything below this directory may be. */
  boolean enters(String directory) {
    return everything
        || ancestors.contains(directory)
        || trees.contains(directory)
        || inTree(directory);
  }

  private boolean inTree(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (trees.contains(path.substring(0, slash))) {
        return true;
      }
    }
    return false;
  }
}
