package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.HostFeature;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** The use cases, each under its container's lock and as an operation. */
final class DefaultContainerService implements ContainerService {
  private final CoreParts parts;
  private final Locks locks;
  private final Operations operations;
  private final Watcher watcher;
  private final Views views;
  private final ContainerCreation creation;
  private final ContainerBoot boot;
  private final ContainerHalt halt;
  private final ContainerRemoval removal;
  private final ContainerRegistration registration;
  private final StoppedRun stoppedRun;
  private final ContainerSettings settings;
  private final HostShutdown shutdown;

  DefaultContainerService(
      CoreParts parts,
      Locks locks,
      Operations operations,
      Watcher watcher,
      ContainerCreation creation,
      ContainerBoot boot,
      ContainerHalt halt,
      ContainerRemoval removal,
      ContainerRegistration registration,
      HostBoot hostBoot,
      AddressBook book,
      NetworkMembers members) {
    this.parts = parts;
    this.locks = locks;
    this.operations = operations;
    this.watcher = watcher;
    this.views = new Views(parts, locks);
    this.creation = creation;
    this.boot = boot;
    this.halt = halt;
    this.removal = removal;
    this.registration = registration;
    this.stoppedRun = new StoppedRun(parts);
    this.settings = new ContainerSettings(parts, stoppedRun, book, members);
    this.shutdown = new HostShutdown(hostBoot, this::stopWithHost);
  }

  @Override
  public List<ContainerView> list() {
    return views.ofAll(parts.store().all());
  }

  @Override
  public ContainerView find(String reference) {
    return views.of(views.find(reference));
  }

  @Override
  public Container get(String reference) {
    return views.find(reference);
  }

  @Override
  public Optional<ContainerView> lookup(String reference) {
    return views.lookup(reference).map(views::of);
  }

  @Override
  public ContainerView create(CreateRequest request, Listener listener) {
    return views.of(
        locked("create", request.ctid(), listener, task -> creation.create(request, task)));
  }

  @Override
  public void start(Ctid ctid, @Nullable Duration wait, boolean force, Listener listener) {
    change("start", ctid, listener, task -> bootAndWatch(ctid, wait, force, "", task));
  }

  @Override
  public void stop(Ctid ctid, boolean fast, Listener listener) {
    change(
        "stop",
        ctid,
        listener,
        task -> {
          Container c = parts.require(ctid);
          Optional<RunningContainer> running = parts.runtime().running(ctid);
          if (running.isPresent()) {
            halt.stop(c, running.get(), fast, ContainerHalt.Then.STAY_DOWN, task);
          } else {
            settleStopped(c);
            task.warn("Unable to stop: container " + ctid + " is not running");
          }
        });
  }

  @Override
  public int shutdown(Listener listener) {
    return operations.run(
        "shutdown",
        "host",
        listener,
        task ->
            shutdown.run(
                parts.store().all().stream().filter(c -> parts.isRunning(c.ctid())).toList(),
                task));
  }

  private void stopWithHost(Ctid ctid, Task task) {
    try (Locks.Held held = locks.acquire(ctid, "shutdown", task.id())) {
      Container c = parts.require(ctid);
      parts
          .runtime()
          .running(ctid)
          .ifPresent(r ->
              halt.stop(c, r, false, ContainerHalt.Then.COME_UP_WITH_HOST, new QuietTask(task)));
    }
  }

  /** What ended by itself a moment ago, before the daemon came to it. */
  private void settleStopped(Container c) {
    if (c.wantsRunning()) {
      parts.runtime().sweep(c.ctid());
      parts.store().saveAndClear(c.withWantsRunning(false));
    }
  }

  @Override
  public void restart(
      Ctid ctid, @Nullable Duration wait, boolean force, boolean fast, Listener listener) {
    change(
        "restart",
        ctid,
        listener,
        task -> {
          Container c = parts.require(ctid);
          task.say("Restarting container");
          Optional<RunningContainer> running = parts.runtime().running(ctid);
          if (running.isPresent()) {
            halt.stop(c, running.get(), fast, ContainerHalt.Then.START_AGAIN, task);
          }
          bootAndWatch(ctid, wait, force, Intents.AGAIN, task);
        });
  }

  private void bootAndWatch(
      Ctid ctid, @Nullable Duration wait, boolean force, String note, Task task) {
    RunningContainer running = boot.start(parts.require(ctid), force, note, task);
    watcher.watch(running);
    if (wait == null) {
      task.say("Container start in progress...");
    } else {
      boot.awaitReady(running, wait, task);
      task.say("Container started successfully");
    }
  }

  @Override
  public void destroy(Ctid ctid, Listener listener) {
    change("destroy", ctid, listener, task -> removal.destroy(parts.require(ctid), task));
  }

  @Override
  public void mount(Ctid ctid, Listener listener) {
    change(
        "mount",
        ctid,
        listener,
        task -> {
          Container c = parts.require(ctid);
          LaunchSpec spec = parts.launchSpec(c);
          if (parts.isRunning(ctid) || parts.isMounted(ctid)) {
            task.warn("Container " + ctid + " is already mounted");
            return;
          }
          parts.mount(c, spec);
          task.say("Container is mounted");
        });
  }

  @Override
  public void umount(Ctid ctid, Listener listener) {
    change(
        "umount",
        ctid,
        listener,
        task -> {
          var _ = parts.require(ctid);
          parts.requireStopped(ctid);
          if (!parts.isMounted(ctid)) {
            throw new LaminaException(
                ExitCode.NOT_MOUNTED, "Container " + ctid + " is not mounted");
          }
          parts.runtime().umount(parts.config().root(ctid));
          task.say("Container is unmounted");
        });
  }

  @Override
  public void set(Ctid ctid, SettingsChange asked, boolean save, Listener listener) {
    change("set", ctid, listener, task -> settings.change(parts.require(ctid), asked, save, task));
  }

  @Override
  public RunningContainer running(Ctid ctid) {
    var _ = parts.require(ctid);
    return parts
        .runtime()
        .running(ctid)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NOT_RUNNING,
                "Container " + ctid + " is not running",
                "Start it with: vzctl start " + ctid));
  }

  @Override
  public ExecHandle runScript(Ctid ctid, ExecSpec command, Listener listener) {
    Container c = parts.require(ctid);
    Optional<RunningContainer> running = parts.runtime().running(ctid);
    if (running.isPresent()) {
      return running.get().exec(command);
    }
    return operations.run(
        "runscript",
        ctid.toString(),
        listener,
        task -> {
          Locks.Held held = locks.acquire(ctid, "runscript", task.id());
          try {
            ExecHandle handle = stoppedRun.run(c, command);
            var _ = handle.exit().whenComplete((code, e) -> held.close());
            return handle;
          } catch (RuntimeException e) {
            held.close();
            throw e;
          }
        });
  }

  @Override
  public ContainerView register(Path privateArea, Ctid ctid, boolean force, Listener listener) {
    return views.of(
        locked(
            "register",
            ctid,
            listener,
            task -> {
              Container c = registration.register(privateArea, ctid, force, task);
              parts.runtime().running(ctid).ifPresent(watcher::watch);
              return c;
            }));
  }

  @Override
  public void unregister(Ctid ctid, Listener listener) {
    change("unregister", ctid, listener, task -> removal.unregister(parts.require(ctid), task));
  }

  @Override
  public List<Ctid> recover(Listener listener) {
    return operations.run(
        "recover",
        "host",
        listener,
        task -> {
          List<Ctid> found = new ArrayList<>();
          List<Ctid> missed = new ArrayList<>();
          for (Ctid ctid : unregistered()) {
            try {
              register(parts.config().privateArea(ctid), ctid, false, task);
              found.add(ctid);
            } catch (LaminaException e) {
              task.warn("container " + ctid + ": " + e.text());
              missed.add(ctid);
            }
          }
          if (!missed.isEmpty()) {
            throw new LaminaException(
                ExitCode.REGISTER_FAILED,
                "recovered " + found.size() + ", could not recover " + missed,
                "Mend what is said above, then run it again, or use vzctl register.");
          }
          return found;
        });
  }

  @Override
  public List<String> networkObstacles() {
    return parts.runtime().networkObstacles();
  }

  @Override
  public List<HostFeature> hostFeatures() {
    return parts.runtime().features(parts.config().stateDir());
  }

  private List<Ctid> unregistered() {
    try {
      return parts.areas().present().stream()
          .filter(ctid -> parts.store().find(ctid).isEmpty())
          .toList();
    } catch (IOException e) {
      throw PrivateAreas.failed(
          ExitCode.REGISTER_FAILED, "cannot read " + parts.config().privateDir(), e);
    }
  }

  private void change(String kind, Ctid ctid, Listener listener, Consumer<Task> work) {
    var _ =
        locked(
            kind,
            ctid,
            listener,
            task -> {
              work.accept(task);
              return true;
            });
  }

  private <T> T locked(String kind, Ctid ctid, Listener listener, Function<Task, T> work) {
    return operations.run(
        kind,
        ctid.toString(),
        listener,
        task -> {
          try (Locks.Held held = locks.acquire(ctid, kind, task.id())) {
            return work.apply(task);
          }
        });
  }
}
