package org.lamina.templates.patch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.Ctid;

/**
 * Says what one step between two generations means for each container. Made once per roll-out;
 * thread safe if its trees and family are.
 */
public final class Planner {
  private final GenerationDiff diff;
  private final TemplateTree base;
  private final TemplateTree next;
  private final PackageFamily family;
  private final Interest interest;
  private final ConcernedPaths concerned;

  public Planner(GenerationDiff diff, TemplateTree base, TemplateTree next, PackageFamily family) {
    this.diff = diff;
    this.base = base;
    this.next = next;
    this.family = family;
    List<String> paths = new ArrayList<>(family.paths());
    List<String> trees = new ArrayList<>(family.trees());
    for (PathChange change : diff.paths()) {
      paths.add(change.path());
      if (change.kind() == ChangeKind.TYPE_CHANGED && Likeness.isDirectory(change.before())) {
        trees.add(change.path());
      }
    }
    this.interest = Interest.in(paths, trees);
    this.concerned = new ConcernedPaths(diff.paths());
  }

  /** See {@link PackageFamily#locks}. */
  public List<String> locks() {
    return family.locks();
  }

  /** What to scan a delta for. */
  public Interest interest() {
    return interest;
  }

  /**
   * Plans a container that is on the older generation.
   *
   * @param content answers for the same delta
   * @throws IOException if a delta or a layer cannot be read
   */
  public PatchPlan plan(Ctid ctid, DeltaTree delta, DeltaContent content, Move move)
      throws IOException {
    Findings findings = new Findings();
    PackageFamily.View view = family.view(ctid, delta, content);
    boolean back = diff.to() < diff.from();
    PathPlanner paths = new PathPlanner(base, next, view, delta, content, move, back, findings);
    // A way back may bring versions again that lie beside the changed path.
    boolean all = back || !view.ordinary();
    for (PathChange change : all ? diff.paths() : concerned.of(delta, move)) {
      paths.decide(change);
    }
    paths.finish();
    return findings.plan(ctid, diff, view);
  }

  /** A container that has the newer generation already. */
  public static ContainerPlan current(Ctid ctid) {
    return new ContainerPlan(ctid, PlanClass.CURRENT, List.of(), List.of(), List.of());
  }
}
