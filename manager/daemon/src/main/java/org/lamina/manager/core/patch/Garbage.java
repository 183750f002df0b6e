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
   * What can go at once: no kept generation builds on it.
   *
   * @param all the oldest first
   * @param needed numbers that containers need
   * @return the oldest first
   */
  static List<Generation> of(List<Generation> all, Set<Integer> needed) {
    Set<Path> layers = layersOfKept(all, needed);
    return unneeded(all, needed).stream().filter(g -> !layers.contains(own(g))).toList();
  }

  /** What only kept generations need, which lie on it: it can become part of them. */
  static List<Generation> inside(List<Generation> all, Set<Integer> needed) {
    Set<Path> layers = layersOfKept(all, needed);
    return unneeded(all, needed).stream().filter(g -> layers.contains(own(g))).toList();
  }

  private static List<Generation> unneeded(List<Generation> all, Set<Integer> needed) {
    Set<Integer> kept = kept(all, needed);
    return all.stream().filter(g -> !kept.contains(g.number()) && !g.layers().isEmpty()).toList();
  }

  private static Set<Path> layersOfKept(List<Generation> all, Set<Integer> needed) {
    Set<Integer> kept = kept(all, needed);
    Set<Path> layers = new HashSet<>();
    all.stream().filter(g -> kept.contains(g.number())).forEach(g -> layers.addAll(g.layers()));
    return layers;
  }

  private static Set<Integer> kept(List<Generation> all, Set<Integer> needed) {
    Set<Integer> kept = new HashSet<>(needed);
    all.reversed().stream().limit(KEPT).forEach(g -> kept.add(g.number()));
    return kept;
  }

  private static Path own(Generation generation) {
    return generation.layers().getFirst();
  }
}
