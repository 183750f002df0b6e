package org.lamina.manager.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/** A container that remembers what it was asked to execute. */
public final class FakeRunning implements RunningContainer {
  public final List<ExecSpec> executed = new ArrayList<>();
  public final CompletableFuture<ExitCause> exit = new CompletableFuture<>();
  public int code;

  /** A process that has ended with a code. */
  public record Ended(int code) implements ExecHandle {
    @Override
    public int pid() {
      return 4711;
    }

    @Override
    public CompletableFuture<Integer> exit() {
      return CompletableFuture.completedFuture(code);
    }

    @Override
    public void signal(int number) {}

    @Override
    public Optional<Fd> terminal() {
      return Optional.empty();
    }
  }

  @Override
  public Ctid ctid() {
    return new Ctid(101);
  }

  @Override
  public int initPid() {
    return 4000;
  }

  @Override
  public Instant startedAt() {
    return Samples.NOW;
  }

  @Override
  public List<String> networkObstacles() {
    return List.of();
  }

  @Override
  public CompletableFuture<ExitCause> exit() {
    return exit;
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return true;
  }

  @Override
  public void powerOff() {}

  @Override
  public void reboot() {}

  @Override
  public void kill() {}

  @Override
  public Optional<Limits> limits() {
    return Optional.empty();
  }

  @Override
  public List<String> applyLimits(Limits limits) {
    return List.of();
  }

  @Override
  public GuestAccess access() {
    return GuestAccess.NONE;
  }

  @Override
  public void applyAccess(GuestAccess access) {}

  @Override
  public void bind(BindMount mount) {}

  @Override
  public boolean unbind(String target) {
    return true;
  }

  @Override
  public Statistics statistics() {
    return Samples.STATISTICS;
  }

  @Override
  public long processes() {
    return 1;
  }

  @Override
  public Usage usage() {
    return new Usage(1, 2, Duration.ZERO);
  }

  @Override
  public NetworkConfig network() {
    return NetworkConfig.NONE;
  }

  @Override
  public void applyNetwork(NetworkConfig network) {}

  @Override
  public Optional<Traffic> traffic() {
    return Optional.empty();
  }

  @Override
  public void setHostname(String hostname) {}

  @Override
  public ExecHandle exec(ExecSpec command) {
    executed.add(command);
    return new Ended(code);
  }

  @Override
  public Path consoleLog() {
    return Path.of("/run/lamina/ct/101/console.log");
  }

  @Override
  public Fd consoleMaster() {
    return new Fd(90, n -> {});
  }

  @Override
  public TreeSwitch switchTree(String tree, List<Path> layers, Path delta) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GuestRoot root() {
    throw new UnsupportedOperationException();
  }
}
