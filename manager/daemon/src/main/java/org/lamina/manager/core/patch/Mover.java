package org.lamina.manager.core.patch;

import java.nio.file.Path;
import java.util.List;
import org.lamina.agent.GuestRoot;
import org.lamina.manager.core.Container;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PatchPlan;

/** Plans and applies what a distribution family needs. Thread safe. */
public interface Mover {
  /** Prepares the way between two generations once, for any number of containers. */
  Route route(Generation from, Generation to);

  /**
   * Takes out of the container's own layers what its generation has as well, as far as generations
   * differ at all. Nothing may be mounted on the layers; what the container sees does not change.
   *
   * @param oldest generation that it came from since nothing of it was mounted last
   * @return how many objects went
   */
  int tidy(Container c, int oldest, Path delta);

  /** Thread safe. */
  interface Route {
    /** What differs; the other way round for a way back. */
    GenerationDiff diff();

    /** Files inside to lock while a plan is made and applied, in order. */
    List<String> locks();

    /** Looks at the container's own files, also while it runs; changes nothing. */
    PatchPlan plan(Container c, Path delta, Move move);

    /** Applies what is done to layers on which nothing is mounted. */
    void prune(PatchPlan plan, Path delta);

    /**
     * Applies what is done through the container's view. Can be interrupted and called again.
     *
     * @return tools to run inside afterwards, in order
     */
    List<List<String>> apply(PatchPlan plan, GuestRoot root);
  }
}
