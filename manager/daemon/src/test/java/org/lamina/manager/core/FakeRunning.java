package org.lamina.manager.core;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.Usage;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** One daemon's view of a running container. */
final class FakeRunning implements RunningContainer {
  private final FakeRuntime runtime;
  private final FakeInit init;

  FakeRunning(FakeRuntime runtime, FakeInit init) {
    this.runtime = runtime;
    this.init = init;
  }

  @Override
  public Ctid ctid() {
    return init.ctid;
  }

  @Override
  public int initPid() {
    return init.pid;
  }

  @Override
  public Instant startedAt() {
    return init.started;
  }

  @Override
  public List<String> networkObstacles() {
    return runtime.networkObstacles();
  }

  @Override
  public CompletableFuture<ExitCause> exit() {
    return init.exit.copy();
  }

  @Override
  public boolean ready() {
    return init.ready;
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    if (init.ready || init.exit.isDone()) {
      return init.ready && !init.exit.isDone();
    }
    try {
      Thread.sleep(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return init.ready;
  }

  @Override
  public void powerOff() {
    runtime.effect(
        "powerOff",
        () -> {
          if (!init.kernel.stubborn.contains(init.ctid)) {
            init.end(new ExitCause(ExitCause.Kind.HALTED, 0));
          }
        });
  }

  @Override
  public void reboot() {
    init.end(new ExitCause(ExitCause.Kind.REBOOT, 0));
  }

  @Override
  public void kill() {
    runtime.effect("kill", () -> init.end(new ExitCause(ExitCause.Kind.KILLED, 137)));
  }

  @Override
  public Optional<Limits> limits() {
    return init.applied.isEmpty() ? Optional.empty() : Optional.of(init.applied.getLast());
  }

  @Override
  public List<String> applyLimits(Limits limits) {
    runtime.effect("applyLimits", () -> init.applied.add(limits));
    return List.of();
  }

  @Override
  public GuestAccess access() {
    return init.access;
  }

  @Override
  public void applyAccess(GuestAccess access) {
    runtime.effect("applyAccess", () -> init.access = access);
  }

  @Override
  public void bind(BindMount mount) {
    runtime.effect("bind", () -> init.bound.add(mount.toString()));
  }

  @Override
  public boolean unbind(String target) {
    boolean[] done = new boolean[1];
    runtime.effect(
        "unbind",
        () -> done[0] = init.bound.removeIf(text -> BindMount.parse(text).target().equals(target)));
    return done[0];
  }

  @Override
  public Statistics statistics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long processes() {
    return 7;
  }

  @Override
  public Usage usage() {
    return new Usage(7, 1 << 20, Duration.ofSeconds(1));
  }

  @Override
  public NetworkConfig network() {
    return init.network;
  }

  @Override
  public void applyNetwork(NetworkConfig network) {
    runtime.effect("applyNetwork", () -> init.network = network);
  }

  @Override
  public Optional<Traffic> traffic() {
    return init.network.isConnected() ? Optional.of(new Traffic(1, 2, 3, 4)) : Optional.empty();
  }

  @Override
  public void setHostname(String hostname) {
    runtime.effect("setHostname", () -> init.hostname = hostname);
  }

  @Override
  public ExecHandle exec(ExecSpec command) {
    return runtime.command(command);
  }

  @Override
  public TreeSwitch switchTree(String tree, List<Path> layers, Path delta) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GuestRoot root() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path consoleLog() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Fd consoleMaster() {
    throw new UnsupportedOperationException();
  }
}
