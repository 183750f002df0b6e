package org.lamina.manager.core.patch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostEvent;
import org.lamina.manager.core.Intent;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.TemplateStore;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** The use cases of patching, each as an operation. */
public final class DefaultPatchService implements PatchService {
  private static final Logger log = System.getLogger(DefaultPatchService.class.getName());

  private final Ground ground;
  private final TemplateStore templates;
  private final Operations operations;
  private final Locks locks;
  private final PatchStore store;
  private final Mover mover;
  private final Guests guests;
  private final ContainerRollout containers;
  private final Function<String, Lock> removing;
  private final Events events;
  private final int parallel;
  private final Turns turns = new Turns();

  /**
   * @param removing the lock that keeps containers from choosing a generation that goes
   * @param parallel containers moved at once
   */
  DefaultPatchService(
      Ground ground,
      TemplateStore templates,
      Operations operations,
      Locks locks,
      PatchStore store,
      Mover mover,
      Guests guests,
      ContainerRollout containers,
      Function<String, Lock> removing,
      Events events,
      int parallel) {
    this.ground = ground;
    this.templates = templates;
    this.operations = operations;
    this.locks = locks;
    this.store = store;
    this.mover = mover;
    this.guests = guests;
    this.containers = containers;
    this.removing = removing;
    this.events = events;
    this.parallel = parallel;
  }

  @Override
  public UpdateResult update(String template, UpdateRequest request, Listener listener) {
    return operations.run(
        "update-template",
        template,
        listener,
        task -> {
          try (Turns.Turn turn = turns.take(template, "update", task.id())) {
            UpdateResult result = interruptibly(template, request, task);
            result
                .generation()
                .ifPresent(g ->
                    events.publish(
                        HostEvent.Type.TEMPLATE_PUBLISHED, template, "generation " + g.number()));
            return result;
          }
        });
  }

  /** In a thread of its own, so that a cancelled build can be interrupted. */
  private UpdateResult interruptibly(String template, UpdateRequest request, Task task) {
    CompletableFuture<UpdateResult> result = new CompletableFuture<>();
    Thread builder =
        Thread.ofPlatform()
            .daemon()
            .name("update-" + template)
            .start(() -> {
              try {
                result.complete(templates.update(template, request, task));
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    var _ = task.cancelled().thenRun(builder::interrupt);
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public List<HistoryEntry> history(String template) {
    var _ = newest(template);
    List<Container> users = ground.store().dependents(template);
    List<HistoryEntry> out = new ArrayList<>();
    for (Generation g : templates.generations(template)) {
      templates
          .details(template, g.number())
          .ifPresent(d ->
              out.add(
                  new HistoryEntry(
                      d,
                      users.stream()
                          .filter(c -> c.generation() == g.number())
                          .map(Container::ctid)
                          .toList())));
    }
    return out;
  }

  @Override
  public RolloutPlan plan(String template, @Nullable Integer to, List<Ctid> only) {
    Routes routes = routes(template, target(template, to));
    List<RolloutPlan.Planned> planned = new ArrayList<>();
    int oldest = routes.to().number();
    for (Container c : chosen(template, only)) {
      boolean running = ground.runtime().running(c.ctid()).isPresent();
      PatchPlan plan = plan(c, routes, running);
      oldest = Math.min(oldest, c.generation());
      planned.add(
          new RolloutPlan.Planned(
              c.ctid(), c.generation(), running, plan.blocked(), plan.summary()));
    }
    List<PackageChange> packages =
        oldest == routes.to().number()
            ? List.of()
            : routes.route(routes.require(oldest)).diff().packages();
    return new RolloutPlan(template, routes.to().number(), packages, planned);
  }

  private PatchPlan plan(Container c, Routes routes, boolean running) {
    if (c.generation() == routes.to().number()) {
      return summary(
          new ContainerPlan(c.ctid(), PlanClass.CURRENT, List.of(), List.of(), List.of()));
    }
    if (PatchKeys.pinned(c)) {
      return summary(routes.pinned(c, ground.delta(c.ctid())));
    }
    Generation from = routes.from(c);
    Move move = running ? Move.live(Set.copyOf(from.swappableTrees())) : Move.stopped();
    return routes.route(from).plan(c, ground.delta(c.ctid()), move);
  }

  private static PatchPlan summary(ContainerPlan plan) {
    return new PatchPlan(plan, false, List.of(), List.of());
  }

  @Override
  public RunReport rollout(RolloutRequest request, Listener listener) {
    Generation to = target(request.template(), request.to());
    return move("rollout", request.to(to.number(), request.only()), listener);
  }

  @Override
  public RunReport rollback(RolloutRequest request, Listener listener) {
    Integer to = request.to();
    int number = to != null ? to : before(request);
    return move("rollback", request.to(number, request.only()), listener);
  }

  private int before(RolloutRequest request) {
    int highest =
        chosen(request.template(), request.only()).stream()
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
            List<Container> chosen = chosen(request.template(), request.only());
            List<Ctid> all = ids(chosen);
            Routes routes = routes(request.template(), target(request.template(), request.to()));
            routes.prepare(chosen);
            return new Rollout(containers, store, parallel, false)
                .run(store.begin(action, request), all, routes, task);
          }
        });
  }

  /** Goes on, in the background, with what an earlier daemon left in the middle. */
  public void resume() {
    for (Run run : store.unfinished()) {
      RolloutRequest request = run.request();
      log.log(Level.INFO, "{0} {1} of {2} goes on", run.action(), run.id(), request.template());
      var _ =
          operations.submit(
              run.action(),
              request.template(),
              task -> {
                try (Turns.Turn turn = turns.take(request.template(), run.action(), task.id())) {
                  List<Ctid> all = ids(stillThere(request));
                  Routes routes =
                      routes(request.template(), target(request.template(), request.to()));
                  return new Rollout(containers, store, parallel, true).run(run, all, routes, task);
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

  @Override
  public TemplateStatus status(String template) {
    Generation newest = newest(template);
    Routes routes = routes(template, newest);
    List<TemplateStatus.State> states = new ArrayList<>();
    for (Container c : ground.store().dependents(template)) {
      states.add(state(c, routes));
    }
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
      remaining = routes.stillOld(c, ground.delta(c.ctid()), store.latest(c.ctid()));
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

  @Override
  public void pin(Ctid ctid, boolean pinned, Listener listener) {
    var _ =
        operations.run(
            pinned ? "pin" : "unpin",
            ctid.toString(),
            listener,
            task -> {
              try (Locks.Held held = locks.acquire(ctid, pinned ? "pin" : "unpin", task.id())) {
                Container c = Marks.pinned(require(ctid), pinned);
                ground.store().save(c);
                ground.writeConf(c, task);
                task.say(
                    "Container "
                        + ctid
                        + (pinned
                            ? " is pinned to generation " + c.generation()
                            : " follows its template again"));
              }
              return true;
            });
  }

  @Override
  public List<GenerationDetails> gc(@Nullable String template, Listener listener) {
    return operations.run(
        "gc",
        template == null ? "templates" : template,
        listener,
        task -> {
          List<GenerationDetails> removed = new ArrayList<>();
          List<String> names =
              template != null
                  ? List.of(newest(template).template())
                  : templates.newest().stream().map(Generation::template).toList();
          for (String name : names) {
            try (Turns.Turn turn = turns.take(name, "gc", task.id())) {
              removed.addAll(collect(name, task));
            }
          }
          return removed;
        });
  }

  private List<GenerationDetails> collect(String template, Task task) {
    Lock lock = removing.apply(template);
    lock.lock();
    List<Locks.Held> held = new ArrayList<>();
    try {
      // Nobody starts meanwhile: what a start has looked up must not change before it is mounted.
      List<Container> users = ground.store().dependents(template);
      users.forEach(c -> held.add(locks.acquire(c.ctid(), "gc", task.id())));
      return new Collection(template, users, task).run();
    } finally {
      held.forEach(Locks.Held::close);
      lock.unlock();
    }
  }

  /** One pass over the generations of a template, all of whose containers are locked. */
  private final class Collection {
    private final String template;
    private final List<Container> users;
    private final Task task;
    private final List<GenerationDetails> gone = new ArrayList<>();

    Collection(String template, List<Container> users, Task task) {
      this.template = template;
      this.users = users;
      this.task = task;
    }

    List<GenerationDetails> run() {
      Set<Integer> needed = needed(template);
      // The newest first: what lies on another one must go before it.
      for (Generation g : Garbage.of(templates.generations(template), needed).reversed()) {
        note(g);
        templates.removeGeneration(template, g.number());
        task.say("Generation " + g.number() + " of template " + template + " was removed");
      }
      for (Generation g : Garbage.inside(templates.generations(template), needed)) {
        note(g);
        templates.fold(template, g.number());
        task.say(
            "Generation "
                + g.number()
                + " of template "
                + template
                + " became part of the one that lies on it");
      }
      // What an earlier daemon left in the middle; done twice is done once.
      templates.folding(template).forEach(n -> templates.fold(template, n));
      for (int n : templates.reap(template, oldestUser())) {
        task.say("The space of generation " + n + " of template " + template + " is free");
      }
      List<Integer> waiting = templates.folding(template);
      if (!waiting.isEmpty()) {
        task.say(
            "Generations "
                + words(waiting)
                + " of template "
                + template
                + " take space until these containers have been restarted: "
                + words(users.stream().filter(this::mounts).map(Container::ctid).toList()));
      }
      return gone;
    }

    private void note(Generation g) {
      templates.details(template, g.number()).ifPresent(gone::add);
    }

    private boolean mounts(Container c) {
      return ground.runtime().running(c.ctid()).isPresent()
          || ground.runtime().isMounted(ground.root(c.ctid()));
    }

    /** Since when whatever is mounted now is mounted; of a mount that nobody runs on, unknown. */
    private Instant oldestUser() {
      Instant oldest = Instant.MAX;
      for (Container c : users) {
        Optional<RunningContainer> running = ground.runtime().running(c.ctid());
        Instant since =
            running.map(RunningContainer::startedAt).orElse(mounts(c) ? Instant.MIN : Instant.MAX);
        oldest = since.isBefore(oldest) ? since : oldest;
      }
      return oldest;
    }

    private static String words(List<?> things) {
      return things.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
  }

  /** Generations that containers are on, come from, go to or may have mounted. */
  private Set<Integer> needed(String template) {
    Set<Integer> out = new TreeSet<>();
    Set<Ctid> users = new HashSet<>();
    for (Container c : ground.store().dependents(template)) {
      users.add(c.ctid());
      out.add(c.generation());
      PatchKeys.next(c).ifPresent(out::add);
      int mounted = PatchKeys.mounted(c).orElse(c.generation());
      for (int n = Math.min(mounted, c.generation()); n <= Math.max(mounted, c.generation()); n++) {
        out.add(n);
      }
    }
    for (Intent intent : ground.store().intents()) {
      if (users.contains(intent.ctid())) {
        SwitchIntent.read(intent)
            .ifPresent(s -> {
              out.add(s.from());
              out.add(s.to());
            });
      }
    }
    return out;
  }

  @Override
  public List<Run> runs(int limit) {
    return store.latest(limit);
  }

  @Override
  public Optional<RunReport> report(@Nullable Long run) {
    Optional<Run> found = run == null ? store.latest(1).stream().findFirst() : store.find(run);
    return found.map(r -> new RunReport(r, store.reports(r.id())));
  }

  private Container require(Ctid ctid) {
    return ground
        .store()
        .find(ctid)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NO_CONTAINER_CONFIG, "Container " + ctid + " does not exist"));
  }

  private List<Container> chosen(String template, List<Ctid> only) {
    if (only.isEmpty()) {
      return ground.store().dependents(template);
    }
    List<Container> out = new ArrayList<>();
    for (Ctid ctid : new TreeSet<>(only)) {
      Container c = require(ctid);
      if (!c.template().equals(template)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "container " + ctid + " depends on template " + c.template() + ", not on " + template);
      }
      out.add(c);
    }
    return out;
  }

  private static List<Ctid> ids(List<Container> containers) {
    return containers.stream().map(Container::ctid).toList();
  }

  private Routes routes(String template, Generation to) {
    return new Routes(mover, to, n -> templates.generation(template, n));
  }

  private Generation target(String template, @Nullable Integer to) {
    Generation newest = newest(template);
    return to == null
        ? newest
        : templates
            .generation(template, to)
            .orElseThrow(() ->
                new LaminaException(
                    ExitCode.TEMPLATE_NOT_FOUND,
                    "template " + template + " has no generation " + to,
                    "See: vzpkg history " + template));
  }

  private Generation newest(String template) {
    return templates
        .newest(template)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "OS template " + template + " is not built",
                "Build it with: vzpkg create cache " + template));
  }
}
