package org.lamina.templates.patch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.schema.Ctid;

/** Collects what a plan finds for one container. Not thread safe. */
final class Findings {
  private static final int NAMED = 5;

  private final List<Step> steps = new ArrayList<>();
  private final List<Remaining> remaining = new ArrayList<>();
  private final List<Remaining> blockers = new ArrayList<>();
  private final Map<String, Set<String>> actions = new LinkedHashMap<>();
  private final Map<String, Set<String>> notes = new LinkedHashMap<>();
  private boolean touched;

  /** The container has something of its own where the template changed. */
  void touch() {
    touched = true;
  }

  /** A step that every container gets alike, not worth a line. */
  void silently(Step step) {
    steps.add(step);
  }

  /**
   * @param what a clause that ends where the path would follow
   */
  void act(Step step, String what) {
    steps.add(step);
    touched = true;
    actions.computeIfAbsent(what, k -> new LinkedHashSet<>()).add(step.path());
  }

  void note(String path, String what) {
    touched = true;
    notes.computeIfAbsent(what, k -> new LinkedHashSet<>()).add(path);
  }

  void remains(Remaining what) {
    remaining.add(what);
  }

  void block(Remaining what) {
    blockers.add(what);
  }

  PatchPlan plan(Ctid ctid, GenerationDiff diff, PackageFamily.View view) {
    blockers.addAll(view.blockers());
    remaining.addAll(view.remaining());
    List<String> notesText = new ArrayList<>(view.notes());
    notesText.addAll(clauses(notes));
    if (!blockers.isEmpty()) {
      return blocked(ctid, diff, view, notesText);
    }
    PlanClass planClass =
        !remaining.isEmpty() || view.diverged()
            ? PlanClass.DIVERGED
            : touched ? PlanClass.MERGEABLE : PlanClass.CLEAN;
    return new PatchPlan(
        new ContainerPlan(ctid, planClass, remaining, clauses(actions), notesText),
        false,
        view.outdated(),
        steps);
  }

  /** Nothing moves, so every outdated package stays old, for the reasons that block. */
  private PatchPlan blocked(
      Ctid ctid, GenerationDiff diff, PackageFamily.View view, List<String> notesText) {
    List<Remaining> all = new ArrayList<>(blockers);
    Set<String> named = new HashSet<>();
    blockers.forEach(b -> named.add(b.what()));
    for (Outdated old : view.outdated()) {
      if (named.add(old.what())) {
        all.add(
            new Remaining(
                old.what(),
                "the container stays on generation "
                    + diff.from()
                    + " as a whole: "
                    + blockers.getFirst().what(),
                blockers.getFirst().wayOut()));
      }
    }
    return new PatchPlan(
        new ContainerPlan(ctid, PlanClass.DIVERGED, all, List.of(), notesText),
        true,
        view.outdated(),
        List.of());
  }

  private static List<String> clauses(Map<String, Set<String>> byWhat) {
    List<String> out = new ArrayList<>();
    byWhat.forEach((what, paths) -> {
      String named = String.join(", ", paths.stream().limit(NAMED).toList());
      int more = paths.size() - NAMED;
      out.add(what + " " + named + (more > 0 ? " and " + more + " more" : ""));
    });
    return out;
  }
}
