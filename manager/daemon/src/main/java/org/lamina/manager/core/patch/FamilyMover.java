package org.lamina.manager.core.patch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.agent.GuestRoot;
import org.lamina.manager.core.Container;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;
import org.lamina.templates.patch.DeltaLayers;
import org.lamina.templates.patch.DeltaPruner;
import org.lamina.templates.patch.DeltaReader;
import org.lamina.templates.patch.DeltaScan;
import org.lamina.templates.patch.DeltaTree;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Interest;
import org.lamina.templates.patch.LayerTree;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PatchExecutor;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.Planner;
import org.lamina.templates.patch.Redundant;

/** Moves containers by the rules of their distribution's package family. */
public final class FamilyMover implements Mover {
  private final TemplateStore templates;

  public FamilyMover(TemplateStore templates) {
    this.templates = templates;
  }

  @Override
  public Route route(Generation from, Generation to) {
    try {
      int number = to.number();
      GenerationDiff diff =
          from.number() == number
              ? new GenerationDiff(to.template(), number, number, List.of(), List.of())
              : templates.diff(from.template(), from.number(), number);
      LayerTree base = LayerTree.of(from);
      LayerTree next = from.number() == number ? base : LayerTree.of(to);
      return new FamilyRoute(
          diff,
          new Planner(diff, base, next, templates.family(from, to, diff, base, next)),
          new PatchExecutor(base, next));
    } catch (IOException e) {
      throw failed("cannot compare generations of template " + from.template(), e);
    }
  }

  @Override
  public int tidy(Container c, int oldest, Path delta) {
    try {
      List<Generation> all = templates.generations(c.template());
      Optional<Generation> on = all.stream().filter(g -> g.number() == c.generation()).findFirst();
      Set<String> changed = changed(all, Math.min(oldest, c.generation()));
      DeltaLayers layers = DeltaLayers.of(delta);
      DeltaTree tree = DeltaScan.scan(layers, Interest.in(changed, Set.of()));
      if (on.isEmpty() || tree.isEmpty()) {
        return 0;
      }
      List<String> redundant =
          Redundant.of(
              changed, tree, new DeltaReader(layers, tree, c.ids().base()), LayerTree.of(on.get()));
      DeltaPruner pruner = new DeltaPruner(layers);
      for (String path : redundant) {
        pruner.prune(path);
      }
      return redundant.size();
    } catch (IOException e) {
      throw failed("cannot drop equal copies of container " + c.ctid(), e);
    }
  }

  /** Paths that differ between neighbours from this generation on: it may have been on any. */
  private Set<String> changed(List<Generation> all, int oldest) {
    Set<String> out = new TreeSet<>();
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i - 1).number() >= oldest) {
        templates
            .diff(all.get(i).template(), all.get(i - 1).number(), all.get(i).number())
            .paths()
            .forEach(change -> out.add(change.path()));
      }
    }
    return out;
  }

  private record FamilyRoute(GenerationDiff diff, Planner planner, PatchExecutor executor)
      implements Route {
    @Override
    public List<String> locks() {
      return planner.locks();
    }

    @Override
    public PatchPlan plan(Container c, Path delta, Move move) {
      try {
        DeltaLayers layers = DeltaLayers.of(delta);
        DeltaTree tree = DeltaScan.scan(layers, planner.interest());
        return planner.plan(c.ctid(), tree, new DeltaReader(layers, tree, c.ids().base()), move);
      } catch (IOException e) {
        throw failed("cannot plan for container " + c.ctid(), e);
      }
    }

    @Override
    public void prune(PatchPlan plan, Path delta) {
      try {
        PatchExecutor.prune(plan.steps(), new DeltaPruner(DeltaLayers.of(delta)));
      } catch (IOException e) {
        throw failed("cannot drop equal copies of container " + plan.summary().ctid(), e);
      }
    }

    @Override
    public List<List<String>> apply(PatchPlan plan, GuestRoot root) {
      try {
        executor.apply(plan.steps(), new GuestRootTree(root));
      } catch (IOException e) {
        throw failed("cannot merge into container " + plan.summary().ctid(), e);
      }
      return List.copyOf(PatchExecutor.tools(plan.steps()));
    }
  }

  private static LaminaException failed(String what, IOException e) {
    return new LaminaException(ExitCode.SYSTEM, what + ": " + e.getMessage(), null, e);
  }
}
