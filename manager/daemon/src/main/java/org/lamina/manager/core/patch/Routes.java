package org.lamina.manager.core.patch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.lamina.manager.core.Container;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** The ways to one generation, each prepared once. Thread safe. */
final class Routes {
  /** How plans name a package with its version. */
  private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9][\\w.+-]* [0-9]\\S*");

  private final Mover mover;
  private final Generation to;
  private final IntFunction<Optional<Generation>> generations;
  private final Map<Integer, Mover.Route> routes = new ConcurrentHashMap<>();

  Routes(Mover mover, Generation to, IntFunction<Optional<Generation>> generations) {
    this.mover = mover;
    this.to = to;
    this.generations = generations;
  }

  Generation to() {
    return to;
  }

  Generation from(Container c) {
    return require(c.generation());
  }

  Generation require(int number) {
    return generations
        .apply(number)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "generation " + number + " of template " + to.template() + " is missing"));
  }

  /** Prepares what these will need, so that none of them waits for it; a missing one is theirs. */
  void prepare(List<Container> containers) {
    containers.stream()
        .map(Container::generation)
        .distinct()
        .filter(n -> n != to.number())
        .flatMap(n -> generations.apply(n).stream())
        .forEach(this::route);
  }

  Mover.Route route(Generation from) {
    return routes.computeIfAbsent(from.number(), n -> mover.route(from, to));
  }

  /** An excluded container keeps what is old in it. */
  ContainerPlan pinned(Container c, Path delta) {
    return new ContainerPlan(
        c.ctid(),
        PlanClass.PINNED,
        outdated(
            route(from(c)).plan(c, delta, Move.stopped()),
            "the operator pinned the container",
            "vzpkg unpin " + c.ctid()),
        List.of(),
        List.of());
  }

  /** What is old in a container that has the generation, whoever made it so and whenever. */
  List<Remaining> stillOld(Container c, Path delta, Optional<ContainerReport> last) {
    Map<String, Outdated> old = new LinkedHashMap<>();
    route(to).plan(c, delta, Move.stopped()).outdated().forEach(o -> old.put(o.what(), o));
    List<Remaining> out = new ArrayList<>();
    last
        .filter(r -> r.to() == to.number() && !r.outcome().behind())
        .map(ContainerReport::remaining)
        .orElse(List.of())
        .stream()
        // A package may have been upgraded inside since.
        .filter(r -> old.remove(r.what()) != null || !PACKAGE.matcher(r.what()).matches())
        .forEach(out::add);
    for (Outdated one : old.values()) {
      out.add(
          new Remaining(
              one.what(),
              "the container keeps this version; generation " + to.number() + " has a newer one",
              one.wayOut()));
    }
    return out;
  }

  /**
   * What is old in a container before it is moved: what a move would not renew, with its own
   * reasons, and everything that it would.
   */
  static List<Remaining> outdated(PatchPlan plan, String reason, String wayOut) {
    List<Remaining> out = new ArrayList<>(plan.summary().remaining());
    Set<String> named = new HashSet<>();
    out.forEach(r -> named.add(r.what()));
    for (Outdated old : plan.outdated()) {
      if (named.add(old.what())) {
        out.add(new Remaining(old.what(), reason, wayOut));
      }
    }
    return out;
  }
}
