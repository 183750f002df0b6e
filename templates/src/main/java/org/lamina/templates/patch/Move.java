package org.lamina.templates.patch;

import java.util.Set;

/**
 * How a container comes to the new generation: which trees change below its own layers by
 * themselves, and whether its layers may be edited.
 *
 * @param switched top-level directories whose lower layers are exchanged; empty for all
 * @param offline nothing is mounted on the container's layers, so they may be edited
 */
public record Move(Set<String> switched, boolean offline) {
  public Move {
    switched = Set.copyOf(switched);
  }

  /** The container is stopped: everything below its layers is exchanged. */
  public static Move stopped() {
    return new Move(Set.of(), true);
  }

  /** The container runs: only these trees are exchanged, the rest is written through its view. */
  public static Move live(Set<String> trees) {
    return new Move(trees, false);
  }

  boolean switches(String path) {
    int slash = path.indexOf('/');
    return switched.isEmpty() || switched.contains(slash < 0 ? path : path.substring(0, slash));
  }
}
