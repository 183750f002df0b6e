package org.lamina.manager.core.patch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.Intent;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Step;

/** One daemon on a {@link World}, alive as long as its {@link Points} let it. */
final class PatchDaemon implements Ground, Lifecycle, Guests, Mover, Operations {
  final World world;
  final Points points;
  final PatchRuntime runtime;
  final Locks locks = new Locks();
  final List<String> lines = new ArrayList<>();
  final Patching patching;
  final DefaultPatchService service;
  boolean packagesLocked;
  boolean blocked;

  /** Init does not execute itself anew when it is told to. */
  boolean deafInit;

  /** What systemctl show says of the units asked about. */
  String shown = "Id=web.service\nType=notify\nTransient=no\n";

  PatchDaemon(World world, Points points) {
    this.world = world;
    this.points = points;
    this.runtime = new PatchRuntime(world, points);
    PatchTemplates templates = new PatchTemplates();
    this.patching = new Patching(this, templates, new Patching.Ports(world.reports, this, this, 1));
    this.service =
        patching.service(this, this, locks, template -> new ReentrantLock(), new Events());
  }

  /** As the reconciler does when a daemon starts. */
  void recover() {
    for (Intent intent : store().intents()) {
      Container c = store().find(intent.ctid()).orElseThrow();
      if (intent.kind() == Intent.Kind.SWITCHING) {
        if (patching.recovery().settle(intent, c)) {
          world.boot(c.ctid(), store().find(c.ctid()).orElseThrow().generation());
        }
      } else {
        // a stop or start in the course of a restart: it is to run in the end
        if (!world.running.containsKey(c.ctid())) {
          world.boot(c.ctid(), c.generation());
        }
        store().clear(c.ctid());
      }
    }
    service.resume();
  }

  RunReport rollout(RolloutRequest.Mode mode, String waves, int failures) {
    return service.rollout(
        new RolloutRequest(
            "debian-12",
            1,
            List.of(),
            mode,
            Waves.parse(waves),
            failures,
            "check",
            RolloutRequest.Services.AUTO,
            1),
        Listener.SILENT);
  }

  RunReport rollback(RolloutRequest.Mode mode) {
    RolloutRequest asked = RolloutRequest.of("debian-12");
    return service.rollback(
        new RolloutRequest(
            asked.template(),
            0,
            List.of(),
            mode,
            Waves.parse("100%"),
            0,
            null,
            asked.services(),
            1),
        Listener.SILENT);
  }

  @Override
  public ContainerStore store() {
    return MortalContainers.of(world.containers, points);
  }

  @Override
  public ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  public Path area(Ctid ctid) {
    return world.area(ctid);
  }

  @Override
  public Path delta(Ctid ctid) {
    return world.area(ctid).resolve("delta");
  }

  @Override
  public Path root(Ctid ctid) {
    return Path.of("/root").resolve(ctid.toString());
  }

  @Override
  public LaunchSpec spec(Container c) {
    return new LaunchSpec(
        c.ctid(),
        c.uuid(),
        null,
        c.ids(),
        World.generation(c.generation()).layers(),
        List.of("usr"),
        CgroupVersion.V2,
        delta(c.ctid()),
        c.limits(),
        c.network(),
        List.of(),
        GuestAccess.NONE);
  }

  @Override
  public void writeConf(Container c, Listener listener) {}

  @Override
  public Container stop(Container c, RunningContainer running, Task task) {
    store().intend(Intent.of(c.ctid(), Intent.Kind.STOPPING, "again"));
    points.around("stop", () -> world.end(c.ctid()));
    world.events.add("stop " + c.ctid());
    return c;
  }

  @Override
  public RunningContainer start(Container c, Task task) {
    store().intend(Intent.of(c.ctid(), Intent.Kind.STARTING, "again"));
    points.around("start", () -> world.boot(c.ctid(), c.generation()));
    world.events.add("start " + c.ctid() + " on " + c.generation());
    store().clear(c.ctid());
    return runtime.running(c.ctid()).orElseThrow();
  }

  @Override
  public Optional<PackageLock> lockPackages(RunningContainer running, List<String> locks) {
    return packagesLocked ? Optional.empty() : Optional.of(() -> {});
  }

  @Override
  public Answer run(RunningContainer running, List<String> argv, Duration patience) {
    String command = String.join(" ", argv);
    if (command.endsWith("check")) {
      boolean well =
          !world.ill.contains(running.ctid()) || world.running.get(running.ctid()).usr == 0;
      return new Answer(well ? 0 : 1, well ? "" : "no answer on port 80");
    }
    if (argv.contains("try-restart")) {
      world.events.add("restart " + argv.getLast() + " in " + running.ctid());
    }
    if (argv.contains("daemon-reexec") && !deafInit) {
      world.events.add("re-execute init in " + running.ctid());
    }
    if (argv.contains("show")) {
      return new Answer(0, shown);
    }
    return new Answer(deafInit && argv.contains("daemon-reexec") ? 1 : 0, "");
  }

  @Override
  public Answer runStopped(LaunchSpec spec, List<String> argv, Duration patience) {
    return new Answer(0, "");
  }

  @Override
  public List<StaleProcess> stale(RunningContainer running, GenerationDiff diff) {
    List<StaleProcess> out = new ArrayList<>();
    if (world.running.get(running.ctid()).usr != 0) {
      List<String> files = List.of("/usr/lib/libssl");
      if (!world.events.contains("restart web.service in " + running.ctid())) {
        out.add(new StaleProcess(7, "web", "web.service", files));
      }
      if (!world.events.contains("re-execute init in " + running.ctid())) {
        out.add(new StaleProcess(1, "systemd", "init.scope", files));
      }
      out.add(new StaleProcess(9, "dbus-daemon", "dbus.service", files));
    }
    return out;
  }

  @Override
  public int tidy(Container c, int oldest, Path delta) {
    if (world.running.containsKey(c.ctid())) {
      throw new IllegalStateException("edited under a mount");
    }
    points.around("tidy", () -> {});
    return 0;
  }

  @Override
  public Route route(Generation from, Generation to) {
    return new Route() {
      @Override
      public GenerationDiff diff() {
        return new GenerationDiff(
            "debian-12",
            from.number(),
            to.number(),
            List.of(),
            List.of(new PackageChange("libssl3", "amd64", "3.0.11", "3.0.17", true)));
      }

      @Override
      public List<String> locks() {
        return List.of("var/lib/dpkg/lock");
      }

      @Override
      public PatchPlan plan(Container c, Path delta, Move move) {
        boolean forward = to.number() > from.number();
        String merged = forward ? "root,alice,mail" : "root,alice";
        List<Step> steps = List.of(new Step.Write("etc/passwd", merged));
        return new PatchPlan(
            new ContainerPlan(c.ctid(), PlanClass.MERGEABLE, List.of(), List.of(), List.of()),
            blocked,
            forward
                ? List.of(new Outdated("libssl3", "3.0.11", "apt-get install libssl3"))
                : List.of(),
            steps);
      }

      @Override
      public void prune(PatchPlan plan, Path delta) {}

      @Override
      public List<List<String>> apply(PatchPlan plan, GuestRoot root) {
        for (Step step : plan.steps()) {
          if (step instanceof Step.Write write) {
            root.write(write.path(), write.content().getBytes(StandardCharsets.UTF_8), 0644, 0, 0);
          }
        }
        return List.of(List.of("ldconfig"));
      }
    };
  }

  @Override
  public <T> T run(String kind, String target, Listener listener, Function<Task, T> work) {
    return work.apply(task());
  }

  @Override
  public Operation submit(String kind, String target, Function<Task, ?> work) {
    var _ = work.apply(task());
    return null;
  }

  private Task task() {
    return new Task() {
      private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

      @Override
      public long id() {
        return 17;
      }

      @Override
      public CompletableFuture<Void> cancelled() {
        return cancelled;
      }

      @Override
      public void say(String line) {
        lines.add(line);
      }

      @Override
      public void warn(String line) {
        lines.add("Warning: " + line);
      }

      @Override
      public void report(int percent, String message) {}
    };
  }

  @Override
  public Optional<Operation> find(long id) {
    return Optional.empty();
  }

  @Override
  public List<Operation> latest(int limit) {
    return List.of();
  }

  @Override
  public boolean cancel(long id) {
    return false;
  }

  @Override
  public Operation follow(long id, Listener listener) {
    throw new UnsupportedOperationException();
  }
}
