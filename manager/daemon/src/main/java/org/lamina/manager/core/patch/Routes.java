package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.lamina.manager.core.Container;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** The ways to one generation, each prepared once. Thread safe. */
final class Routes {
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

  /** An excluded container keeps every package that changed. */
  ContainerPlan pinned(Container c) {
    List<Remaining> remaining = new ArrayList<>();
    for (PackageChange change : route(from(c)).diff().packages()) {
      String old = change.from();
      if (old != null) {
        remaining.add(
            new Remaining(
                change.name() + " " + old,
                "the operator pinned the container",
                "vzpkg unpin " + c.ctid()));
      }
    }
    return new ContainerPlan(c.ctid(), PlanClass.PINNED, remaining, List.of(), List.of());
  }
}
