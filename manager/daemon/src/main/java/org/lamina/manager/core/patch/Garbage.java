package org.lamina.manager.core.patch;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lamina.templates.Generation;

/** Which generations nobody needs. Pure. */
final class Garbage {
  private static final int KEPT = 2;

  private Garbage() {}

  /**
   * @param all the oldest first
   * @param needed numbers that containers need
   * @return the oldest first
   */
  static List<Generation> of(List<Generation> all, Set<Integer> needed) {
    Set<Path> layers = new HashSet<>();
    Set<Integer> kept = new HashSet<>(needed);
    all.reversed().stream().limit(KEPT).forEach(g -> kept.add(g.number()));
    for (Generation g : all) {
      if (kept.contains(g.number())) {
        layers.addAll(g.layers());
      }
    }
    return all.stream()
        .filter(g -> !kept.contains(g.number()))
        // a diff layer of a kept one: without it that one is not whole
        .filter(g -> g.layers().isEmpty() || !layers.contains(g.layers().getFirst()))
        .toList();
  }
}
