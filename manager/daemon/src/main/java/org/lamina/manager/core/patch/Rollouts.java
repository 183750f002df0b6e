package org.lamina.manager.core.patch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;

/** Roll-outs and roll-backs, and those that an earlier daemon left in the middle. */
final class Rollouts {
  private static final Logger log = System.getLogger(Rollouts.class.getName());

  private final Ground ground;
  private final TemplateStore templates;
  private final Dependents dependents;
  private final Operations operations;
  private final PatchStore store;
  private final ContainerRollout containers;
  private final int parallel;
  private final Turns turns;

  /**
   * @param parallel containers moved at once
   */
  Rollouts(
      Ground ground,
      TemplateStore templates,
      Dependents dependents,
      Operations operations,
      PatchStore store,
      ContainerRollout containers,
      int parallel,
      Turns turns) {
    this.ground = ground;
    this.templates = templates;
    this.dependents = dependents;
    this.operations = operations;
    this.store = store;
    this.containers = containers;
    this.parallel = parallel;
    this.turns = turns;
  }

  RunReport rollout(RolloutRequest request, Listener listener) {
    Generation to = dependents.target(request.template(), request.to());
    return move("rollout", request.to(to.number(), request.only()), listener);
  }

  RunReport rollback(RolloutRequest request, Listener listener) {
    Integer to = request.to();
    int number = to != null ? to : before(request);
    return move("rollback", request.to(number, request.only()), listener);
  }

  private int before(RolloutRequest request) {
    int highest =
        dependents.chosen(request.template(), request.only()).stream()
            .mapToInt(Container::generation)
            .max()
            .orElse(0);
    return templates.generations(request.template()).stream()
        .mapToInt(Generation::number)
        .filter(n -> n < highest)
        .max()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "template " + request.template() + " has no generation before " + highest,
                "See: vzpkg history " + request.template()));
  }

  private RunReport move(String action, RolloutRequest request, Listener listener) {
    return operations.run(
        action,
        request.template(),
        listener,
        task -> {
          try (Turns.Turn turn = turns.take(request.template(), action, task.id())) {
            List<Container> chosen = dependents.chosen(request.template(), request.only());
            List<Ctid> all = Dependents.ids(chosen);
            Routes routes =
                dependents.routes(
                    request.template(), dependents.target(request.template(), request.to()));
            routes.prepare(chosen);
            return told(
                new Rollout(containers, store, parallel, false)
                    .run(store.begin(action, request), all, routes, task),
                task);
          }
        });
  }

  private static RunReport told(RunReport report, Task task) {
    task.ends(report.exitCode(), report.headline());
    return report;
  }

  /** Goes on, in the background, with what an earlier daemon left in the middle. */
  void resume() {
    for (Run run : store.unfinished()) {
      RolloutRequest request = run.request();
      log.log(Level.INFO, "{0} {1} of {2} goes on", run.action(), run.id(), request.template());
      var _ =
          operations.submit(
              run.action(),
              request.template(),
              task -> {
                try (Turns.Turn turn = turns.take(request.template(), run.action(), task.id())) {
                  List<Ctid> all = Dependents.ids(stillThere(request));
                  Routes routes =
                      dependents.routes(
                          request.template(), dependents.target(request.template(), request.to()));
                  return told(
                      new Rollout(containers, store, parallel, true).run(run, all, routes, task),
                      task);
                } catch (LaminaException e) {
                  store.put(run.ended(Run.State.STOPPED, e.text()));
                  throw e;
                }
              });
    }
  }

  private List<Container> stillThere(RolloutRequest request) {
    return ground.store().dependents(request.template()).stream()
        .filter(c -> request.only().isEmpty() || request.only().contains(c.ctid()))
        .toList();
  }
}
