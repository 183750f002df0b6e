package org.lamina.manager.core.patch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Locks;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** What there is, what a roll-out would do, and what is old: changes nothing. */
final class Overview {
  private final Ground ground;
  private final TemplateStore templates;
  private final Dependents dependents;
  private final PatchStore store;
  private final Guests guests;
  private final Locks locks;

  Overview(
      Ground ground,
      TemplateStore templates,
      Dependents dependents,
      PatchStore store,
      Guests guests,
      Locks locks) {
    this.ground = ground;
    this.templates = templates;
    this.dependents = dependents;
    this.store = store;
    this.guests = guests;
    this.locks = locks;
  }

  List<PatchService.HistoryEntry> history(String template) {
    var _ = dependents.newest(template);
    List<Container> users = ground.store().dependents(template);
    List<PatchService.HistoryEntry> out = new ArrayList<>();
    for (Generation g : templates.generations(template)) {
      templates
          .details(template, g.number())
          .ifPresent(d ->
              out.add(
                  new PatchService.HistoryEntry(
                      d,
                      users.stream()
                          .filter(c -> c.generation() == g.number())
                          .map(Container::ctid)
                          .toList())));
    }
    return out;
  }

  RolloutPlan plan(String template, @Nullable Integer to, List<Ctid> only) {
    Routes routes = dependents.routes(template, dependents.target(template, to));
    // Each is read for itself, and a thousand would keep one processor busy for seconds.
    List<RolloutPlan.Planned> planned =
        dependents.chosen(template, only).parallelStream().map(c -> planned(c, routes)).toList();
    int oldest =
        planned.stream()
            .mapToInt(RolloutPlan.Planned::from)
            .reduce(routes.to().number(), Math::min);
    List<PackageChange> packages =
        oldest == routes.to().number()
            ? List.of()
            : routes.route(routes.require(oldest)).diff().packages();
    return new RolloutPlan(template, routes.to().number(), packages, planned);
  }

  private RolloutPlan.Planned planned(Container c, Routes routes) {
    boolean running = ground.runtime().running(c.ctid()).isPresent();
    PatchPlan plan = plan(c, routes, running);
    return new RolloutPlan.Planned(
        c.ctid(), c.generation(), running, plan.blocked(), plan.summary());
  }

  private PatchPlan plan(Container c, Routes routes, boolean running) {
    if (c.generation() == routes.to().number()) {
      return summary(
          new ContainerPlan(c.ctid(), PlanClass.CURRENT, List.of(), List.of(), List.of()));
    }
    if (PatchKeys.pinned(c)) {
      return summary(reading(c, delta -> routes.pinned(c, delta)));
    }
    Generation from = routes.from(c);
    Move move = running ? Move.live(Set.copyOf(from.swappableTrees())) : Move.stopped();
    return reading(c, delta -> routes.route(from).plan(c, delta, move));
  }

  /**
   * Looks at the container's files. An image is mounted while somebody has the container's lock and
   * not otherwise: one that is mounted beside a change of its size would be changed in vain.
   */
  private <T> T reading(Container c, Function<Path, T> look) {
    if (ground.runtime().disks().layout(ground.area(c.ctid())) != DiskLayout.IMAGE) {
      return look.apply(ground.delta(c.ctid()));
    }
    try (var _ = locks.await(c.ctid(), "look")) {
      return look.apply(ground.delta(c.ctid()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaminaException(
          ExitCode.TIMEOUT, "the wait for container " + c.ctid() + " was cancelled");
    }
  }

  private static PatchPlan summary(ContainerPlan plan) {
    return new PatchPlan(plan, false, List.of(), List.of());
  }

  TemplateStatus status(String template) {
    Generation newest = dependents.newest(template);
    Routes routes = dependents.routes(template, newest);
    List<TemplateStatus.State> states =
        ground.store().dependents(template).parallelStream().map(c -> state(c, routes)).toList();
    long bytes = templates.generations(template).stream().mapToLong(Generation::bytes).sum();
    return new TemplateStatus(template, newest.number(), bytes, states);
  }

  private TemplateStatus.State state(Container c, Routes routes) {
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    List<Remaining> remaining;
    if (c.generation() != routes.to().number()) {
      remaining =
          Routes.outdated(
              plan(c, routes, running.isPresent()),
              "it is on generation " + c.generation(),
              PatchKeys.next(c).isPresent()
                  ? "vzctl restart " + c.ctid()
                  : "vzpkg rollout " + c.template() + " " + c.ctid());
    } else {
      remaining = reading(c, delta -> routes.stillOld(c, delta, store.latest(c.ctid())));
    }
    List<StaleProcess> stale =
        PatchKeys.mounted(c)
            .filter(from -> from != c.generation())
            .flatMap(from -> templates.generation(c.template(), from))
            .flatMap(from ->
                running.map(r ->
                    guests.stale(r, templates.diff(c.template(), from.number(), c.generation()))))
            .orElse(List.of());
    return new TemplateStatus.State(
        c.ctid(),
        c.generation(),
        running.isPresent(),
        PatchKeys.pinned(c),
        PatchKeys.next(c).orElse(null),
        remaining,
        stale);
  }

  List<Run> runs(int limit) {
    return store.latest(limit);
  }

  Optional<RunReport> report(@Nullable Long run) {
    Optional<Run> found = run == null ? store.latest(1).stream().findFirst() : store.find(run);
    return found.map(r -> new RunReport(r, store.reports(r.id())));
  }
}
