package org.lamina.manager.core.patch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Intent;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;
import org.lamina.templates.Generation;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.TemplateStore;

/** Frees generations that nobody needs. */
final class GarbageCollection {
  private final Ground ground;
  private final TemplateStore templates;
  private final Dependents dependents;
  private final Operations operations;
  private final Locks locks;
  private final Function<String, Lock> removing;
  private final Turns turns;

  /**
   * @param removing the lock that keeps containers from choosing a generation that goes
   */
  GarbageCollection(
      Ground ground,
      TemplateStore templates,
      Dependents dependents,
      Operations operations,
      Locks locks,
      Function<String, Lock> removing,
      Turns turns) {
    this.ground = ground;
    this.templates = templates;
    this.dependents = dependents;
    this.operations = operations;
    this.locks = locks;
    this.removing = removing;
    this.turns = turns;
  }

  List<GenerationDetails> gc(@Nullable String template, Listener listener) {
    return operations.run(
        "gc",
        template == null ? "templates" : template,
        listener,
        task -> {
          List<GenerationDetails> removed = new ArrayList<>();
          List<String> names =
              template != null
                  ? List.of(dependents.newest(template).template())
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
}
