package org.lamina.manager.core.patch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.Usage;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.core.FakeDisks;
import org.lamina.manager.core.FakeNetworkHost;
import org.lamina.schema.BindMount;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** The kernel of a {@link World} as one daemon reaches it. */
final class PatchRuntime implements ContainerRuntime {
  private final FakeNetworkHost network = new FakeNetworkHost();
  private final World world;
  private final Points points;

  PatchRuntime(World world, Points points) {
    this.world = world;
    this.points = points;
  }

  private static int generation(List<Path> layers) {
    return Integer.parseInt(layers.getFirst().getParent().getFileName().toString());
  }

  private final FakeDisks disks = new FakeDisks();

  @Override
  public void requireAccess(IdRange ids, GuestAccess access) {}

  @Override
  public void requireCgroups(String who, CgroupVersion version) {}

  @Override
  public ContainerDisks disks() {
    return disks;
  }

  @Override
  public void createDelta(Path delta, List<String> trees, IdRange ids, Path templateRoot) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean owns(Path delta, IdRange ids) {
    return true;
  }

  @Override
  public RunningContainer start(LaunchSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<RunningContainer> running(Ctid ctid) {
    return Optional.ofNullable(world.running.get(ctid)).map(init -> new Running(ctid, init));
  }

  @Override
  public void requireLimits(LaunchSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<ExitCause> lastExit(Ctid ctid) {
    return Optional.empty();
  }

  @Override
  public Set<Ctid> traces() {
    return Set.of();
  }

  @Override
  public void sweep(Ctid ctid) {}

  @Override
  public void flush(Path delta) {
    points.around("flush", () -> {});
  }

  @Override
  public int squash(Path delta, List<String> trees) {
    Ctid ctid = Ctid.parse(delta.getParent().getFileName().toString());
    if (world.running.containsKey(ctid)
        || world.mounts.contains(Path.of("/root").resolve(ctid.toString()))) {
      throw new IllegalStateException("squashed under a mount");
    }
    points.around("squash", () -> {});
    return 0;
  }

  @Override
  public List<HostFeature> features(Path state) {
    return List.of();
  }

  @Override
  public NetworkHost network() {
    return network;
  }

  @Override
  public List<String> networkObstacles() {
    return List.of();
  }

  @Override
  public void mount(LaunchSpec spec, Path target) {
    if (world.running.containsKey(spec.ctid())) {
      throw new IllegalStateException("two mounts of one delta");
    }
    points.around(
        "mount",
        () -> {
          if (!world.mounts.add(target)) {
            throw new IllegalStateException("mounted twice");
          }
        });
  }

  @Override
  public void umount(Path target) {
    points.around("umount", () -> world.mounts.remove(target));
  }

  @Override
  public boolean isMounted(Path target) {
    return world.mounts.contains(target);
  }

  @Override
  public GuestRoot root(LaunchSpec spec, Path target) {
    int generation = generation(spec.layers());
    return world.root(spec.ctid(), generation, generation, points);
  }

  @Override
  public ExecHandle runOnce(LaunchSpec spec, ExecSpec command) {
    throw new UnsupportedOperationException();
  }

  /** One daemon's view of an init. */
  private final class Running implements RunningContainer {
    private final Ctid ctid;
    private final World.Init init;

    Running(Ctid ctid, World.Init init) {
      this.ctid = ctid;
      this.init = init;
    }

    @Override
    public Ctid ctid() {
      return ctid;
    }

    @Override
    public int initPid() {
      return 1000 + ctid.value();
    }

    @Override
    public Instant startedAt() {
      return world.booting.contains(ctid) ? Instant.now() : Instant.EPOCH;
    }

    @Override
    public List<String> networkObstacles() {
      return List.of();
    }

    @Override
    public CompletableFuture<ExitCause> exit() {
      return init.exit;
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public boolean awaitReady(Duration timeout) {
      if (world.booting.remove(ctid)) {
        world.writing.remove(ctid);
      }
      return true;
    }

    @Override
    public void powerOff() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reboot() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void kill() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Limits> limits() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> applyLimits(Limits limits) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GuestAccess access() {
      return GuestAccess.NONE;
    }

    @Override
    public void applyAccess(GuestAccess access) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void bind(BindMount mount) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean unbind(String target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Statistics statistics() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long processes() {
      return 1;
    }

    @Override
    public Usage usage() {
      return new Usage(1, 1, Duration.ZERO);
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
    public void setHostname(String hostname) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ExecHandle exec(ExecSpec command) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TreeSwitch switchTree(String tree, List<Path> layers, Path delta) {
      if (world.writing.contains(ctid)) {
        throw new LaminaException(
            ExitCode.LOCKED, "files below /usr are open for writing in container " + ctid);
      }
      points.around("switch", () -> init.usr = generation(layers));
      return new TreeSwitch(World.moment(), 0, List.of());
    }

    @Override
    public GuestRoot root() {
      return world.root(ctid, init.root, init.usr, points);
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
}
