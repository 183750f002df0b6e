package org.lamina.manager.core.patch;

import org.lamina.manager.core.Container;

/** How a container is written down on its way. */
final class Marks {
  private Marks() {}

  /** On the generation, with nothing left to do at the next start. */
  static Container arrived(Container c, int generation) {
    return c.withGeneration(generation).withExtra(PatchKeys.NEXT, null);
  }

  /** The same while it runs on: some of its files are still those of the generation before. */
  static Container arrivedLive(Container c, int from, int generation) {
    Container after = arrived(c, generation);
    return PatchKeys.mounted(c).isPresent()
        ? after
        : after.withExtra(PatchKeys.MOUNTED, Integer.toString(from));
  }

  static Container waiting(Container c, int generation) {
    return c.withExtra(PatchKeys.NEXT, Integer.toString(generation));
  }

  static Container pinned(Container c, boolean pinned) {
    return c.withExtra(PatchKeys.PINNED, pinned ? "yes" : null);
  }

  /** Nothing of an earlier generation is mounted any more. */
  static Container unmounted(Container c) {
    return c.withExtra(PatchKeys.MOUNTED, null);
  }
}
