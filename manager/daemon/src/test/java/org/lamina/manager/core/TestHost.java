package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.lamina.manager.core.patch.MemoryPatchStore;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;

/** A host: what is on its disk and in its kernel outlives the daemons that run on it. */
final class TestHost implements AutoCloseable {
  final Path dir;
  final HostConfig config;
  final FakeKernel kernel = new FakeKernel();
  final InMemoryContainerStore store = new InMemoryContainerStore();
  final InMemoryNetworkStore networks = new InMemoryNetworkStore();
  final InMemoryJournal journal = new InMemoryJournal();
  final MemoryPatchStore patches = new MemoryPatchStore();
  final FakeTemplates templates = new FakeTemplates().with("debian-12", 0);
  final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  TestHost(Path dir) throws IOException {
    this(dir, Map.of());
  }

  TestHost(Path dir, Map<String, String> settings) throws IOException {
    this.dir = dir;
    ConfFile conf =
        ConfFile.EMPTY
            .with("STATE_DIR", dir.resolve("state").toString())
            .with("RUN_DIR", dir.resolve("run").toString());
    for (var e : settings.entrySet()) {
      conf = conf.with(e.getKey(), e.getValue());
    }
    Files.createDirectories(dir.resolve("etc/samples"));
    Files.createDirectories(dir.resolve("run"));
    Files.writeString(dir.resolve("boot_id"), "boot-1\n");
    conf.write(dir.resolve("etc/lamina.conf"), false);
    config = HostConfigReader.read(dir.resolve("etc/lamina.conf")).config();
  }

  /** A daemon that has reconciled. */
  TestDaemon boot() {
    TestDaemon daemon = daemon(Life.immortal());
    daemon.reconcile();
    return daemon;
  }

  TestDaemon daemon(Life life) {
    return new TestDaemon(this, life);
  }

  /** The host boots: containers, mounts and the run directory are gone. */
  void reboot() throws IOException {
    kernel.running.clear();
    kernel.exits.clear();
    kernel.traces.clear();
    kernel.mounts.clear();
    Files.writeString(dir.resolve("boot_id"), "boot-" + System.nanoTime() + "\n");
  }

  /** Waits for what daemons do in the background. */
  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(end);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** What holds on a host on which nothing is being done: everything belongs to a container. */
  void assertNothingLeaks() {
    assertThat(store.intents()).as("intents").isEmpty();
    List<Ctid> known = store.all().stream().map(Container::ctid).toList();
    assertThat(names(config.privateDir()))
        .as("private areas")
        .containsExactlyElementsOf(known.stream().map(Ctid::toString).toList());
    assertThat(names(config.rootDir()))
        .as("roots")
        .containsExactlyElementsOf(known.stream().map(Ctid::toString).toList());
    assertThat(kernel.traces).as("traces").isEqualTo(kernel.runningNow());
    for (Container c : store.all()) {
      assertThat(c.wantsRunning())
          .as("the database on container %s", c.ctid())
          .isEqualTo(kernel.running.containsKey(c.ctid()));
      assertThat(read(config.veConf(c.ctid())).values())
          .as("ve.conf of %s", c.ctid())
          .isEqualTo(VeConf.render(c, ConfFile.EMPTY).values());
    }
  }

  static List<String> names(Path directory) {
    try (var entries = Files.list(directory)) {
      return List.copyOf(new TreeSet<>(entries.map(p -> p.getFileName().toString()).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConfFile read(Path file) {
    try {
      return ConfFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
