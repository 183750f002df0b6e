package org.lamina.manager.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.lamina.agent.ContainerDisks;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.HostFeature;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.NetworkHost;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;

/**
 * The runtime of one daemon over a kernel that outlives it: records, fails where it is told to, and
 * lets its daemon die before, in the middle of and after every effect.
 */
final class FakeRuntime implements ContainerRuntime {
  final FakeKernel kernel;
  final List<ExecSpec> commands = Collections.synchronizedList(new ArrayList<>());
  final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

  /** Of the next time only. */
  final Map<String, RuntimeException> failuresOnce = new ConcurrentHashMap<>();

  volatile CompletableFuture<Integer> commandExit = CompletableFuture.completedFuture(0);
  final FakeDisks disks = new FakeDisks();
  private final Life life;

  FakeRuntime(FakeKernel kernel, Life life) {
    this.kernel = kernel;
    this.life = life;
  }

  /** An effect with a point before and after it. */
  void effect(String name, Runnable change) {
    life.point(name + " before");
    RuntimeException once = failuresOnce.remove(name);
    RuntimeException failure = once == null ? failures.get(name) : once;
    if (failure != null) {
      throw failure;
    }
    change.run();
    life.point(name + " after");
  }

  @Override
  public void createDelta(Path delta, List<String> trees, IdRange ids, Path templateRoot) {
    effect(
        "createDelta",
        () -> {
          try {
            Files.createDirectories(delta.resolve("root/upper"));
            life.point("createDelta half");
            for (String tree : trees) {
              Files.createDirectories(delta.resolve(tree).resolve("upper"));
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public boolean owns(Path delta, IdRange ids) {
    return true;
  }

  @Override
  public void requireLimits(LaunchSpec spec) {
    effect("requireLimits", () -> {});
  }

  @Override
  public void requireAccess(IdRange ids, GuestAccess access) {}

  @Override
  public void requireCgroups(String who, CgroupVersion version) {
    effect("requireCgroups " + version, () -> {});
  }

  @Override
  public ContainerDisks disks() {
    return disks;
  }

  @Override
  public RunningContainer start(LaunchSpec spec) {
    FakeInit[] init = new FakeInit[1];
    effect(
        "start",
        () -> {
          kernel.traces.add(spec.ctid());
          life.point("start half");
          init[0] = kernel.boot(spec);
        });
    return new FakeRunning(this, init[0]);
  }

  @Override
  public Optional<RunningContainer> running(Ctid ctid) {
    return Optional.ofNullable(kernel.running.get(ctid)).map(i -> new FakeRunning(this, i));
  }

  @Override
  public Optional<ExitCause> lastExit(Ctid ctid) {
    return Optional.ofNullable(kernel.exits.get(ctid));
  }

  @Override
  public Set<Ctid> traces() {
    // Copied one by one: a sorted set is taken over by its size, which changes meanwhile.
    Set<Ctid> out = new TreeSet<>();
    out.addAll(List.copyOf(kernel.traces));
    return out;
  }

  @Override
  public void sweep(Ctid ctid) {
    effect(
        "sweep",
        () -> {
          FakeInit init = kernel.running.get(ctid);
          if (init != null) {
            init.end(new ExitCause(ExitCause.Kind.KILLED, 137));
          }
          kernel.exits.remove(ctid);
          kernel.traces.remove(ctid);
        });
  }

  @Override
  public void flush(Path delta) {
    effect("flush", () -> {});
  }

  @Override
  public int squash(Path delta, List<String> trees) {
    effect("squash", () -> {});
    return 0;
  }

  @Override
  public List<HostFeature> features(Path state) {
    return List.of();
  }

  @Override
  public NetworkHost network() {
    return kernel.network;
  }

  @Override
  public List<String> networkObstacles() {
    return kernel.obstacles;
  }

  @Override
  public GuestRoot root(LaunchSpec spec, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void mount(LaunchSpec spec, Path target) {
    effect("mount", () -> kernel.mounts.add(target));
  }

  @Override
  public void umount(Path target) {
    effect("umount", () -> kernel.mounts.remove(target));
  }

  @Override
  public boolean isMounted(Path target) {
    return kernel.mounts.contains(target);
  }

  @Override
  public ExecHandle runOnce(LaunchSpec spec, ExecSpec command) {
    kernel.traces.add(spec.ctid());
    ExecHandle handle = command(command);
    var _ = handle.exit().thenRun(() -> kernel.traces.remove(spec.ctid()));
    return handle;
  }

  ExecHandle command(ExecSpec command) {
    commands.add(command);
    CompletableFuture<Integer> exit = commandExit;
    return new ExecHandle() {
      @Override
      public int pid() {
        return 4711;
      }

      @Override
      public CompletableFuture<Integer> exit() {
        return exit;
      }

      @Override
      public void signal(int number) {
        exit.complete(128 + number);
      }

      @Override
      public Optional<Fd> terminal() {
        return Optional.empty();
      }
    };
  }
}
