package org.lamina.manager.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.lamina.manager.core.patch.Mover;
import org.lamina.manager.core.patch.Patching;
import org.lamina.schema.Ctid;
import org.lamina.templates.Generation;

/** One daemon process on a {@link TestHost}. */
final class TestDaemon {
  final TestHost host;
  final Life life;
  final FakeRuntime runtime;
  final FakeDescriptors descriptors = new FakeDescriptors();
  final LaminaCore core;
  final Lines lines = new Lines();

  TestDaemon(TestHost host, Life life) {
    this.host = host;
    this.life = life;
    this.runtime = new FakeRuntime(host.kernel, life);
    this.core =
        new LaminaCore(
            new LaminaCore.Ports(
                host.config,
                new MortalStore(host.store, life),
                host.journal,
                host.networks,
                runtime,
                host.templates,
                descriptors,
                range -> true,
                host.executor,
                new Patching.Ports(host.patches, new NothingMoves(), new FakeGuests(), 1)),
            host.dir.resolve("boot_id"));
  }

  ContainerService containers() {
    return core.containers();
  }

  LaminaCore.Startup reconcile() {
    try {
      return core.reconcile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ContainerView create(int ctid) {
    return create(ctid, null);
  }

  ContainerView create(int ctid, String name) {
    return containers()
        .create(
            new CreateRequest(new Ctid(ctid), "debian-12", "web" + ctid, name, null, null, false),
            lines);
  }

  void start(int ctid) {
    containers().start(new Ctid(ctid), null, false, lines);
  }

  void stop(int ctid) {
    containers().stop(new Ctid(ctid), false, lines);
  }

  void destroy(int ctid) {
    containers().destroy(new Ctid(ctid), lines);
  }

  private static final class NothingMoves implements Mover {
    @Override
    public Route route(Generation from, Generation to) {
      throw new UnsupportedOperationException("nothing is patched here");
    }

    @Override
    public int tidy(Container c, int oldest, Path delta) {
      throw new UnsupportedOperationException("nothing was moved here");
    }
  }
}
