package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.Limits;

/** What creating a container says, and what it leaves. */
class ContainerCreateTest extends ContainerServiceCase {
  @Test
  void create_saysWhatVzctlSays_andLeavesACompleteArea() {
    ContainerView view = daemon.create(101, "web");

    assertThat(lines.said)
        .containsExactly(
            "Creating container private area (debian-12)",
            "Container private area was created",
            "CT configuration saved to " + host.config.veConf(CTID));
    assertThat(view.status()).isEqualTo(ContainerView.Status.STOPPED);
    assertThat(view.container().template()).isEqualTo("debian-12");
    assertThat(host.config.privateArea(CTID).resolve("delta/root/upper")).isDirectory();
    assertThat(host.config.privateArea(CTID).resolve("delta/usr/upper")).isDirectory();
    host.assertNothingLeaks();
  }

  @Test
  void create_takesTheNewestGeneration() {
    daemon.create(101);
    host.templates.with("debian-12", 3);
    assertThat(daemon.create(102).container().generation()).isEqualTo(3);
    assertThat(host.store.find(CTID).orElseThrow().generation()).isZero();
  }

  @Test
  void create_refuses_andLeavesNothing() throws Exception {
    daemon.create(101, "web");
    Files.createDirectories(host.config.privateArea(new Ctid(150)));

    assertFails(ExitCode.PRIVATE_EXISTS, () -> daemon.create(101));
    assertFails(ExitCode.NAME_FAILED, () -> daemon.create(102, "web"));
    assertFails(ExitCode.NAME_FAILED, () -> daemon.create(102, "../x"));
    assertFails(ExitCode.PRIVATE_EXISTS, () -> daemon.create(150));
    assertFails(ExitCode.BAD_HOSTNAME, () -> create(102, "debian-12", "a b", null, null));
    assertFails(ExitCode.BAD_PARAMETER, () -> create(102, "debian-12", null, "a\nb", null));
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> create(102, "debian-99", null, null, null));
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> create(102, "../../etc", null, null, null));
    assertFails(ExitCode.NO_TEMPLATE_NAMED, () -> create(102, null, null, null, null));
    assertFails(ExitCode.SAMPLE_MISSING, () -> create(102, "debian-12", null, null, "nope"));
    assertFails(ExitCode.SAMPLE_MISSING, () -> create(102, "debian-12", null, null, "../x"));

    Files.delete(host.config.privateArea(new Ctid(150)));
    host.assertNothingLeaks();
    assertThat(host.store.all()).hasSize(1);
  }

  @Test
  void create_onAFullDisk_saysSo_andLeavesNothing() {
    daemon.runtime.failures.put(
        "createDelta",
        new UncheckedIOException(new IOException("/x/delta: No space left on device")));

    assertFails(ExitCode.DISK_FULL, () -> daemon.create(101));
    assertThat(host.store.all()).isEmpty();
    host.assertNothingLeaks();
  }

  @Test
  void create_withASample_takesItsLimitsAndKeepsItsOtherKeys() throws Exception {
    Files.writeString(
        host.config.sample("basic"),
        """
        # limits of a small one
        PHYSPAGES="0:512M"
        SWAPPAGES="0:1G"
        CPUUNITS=1000
        NUMPROC="200:200"
        TECHNOLOGIES="2G:2.2G"
        HOSTNAME="not-me"
        IP_ADDRESS="10.0.0.1"
        """);

    Container c = create(101, "debian-12", null, null, "basic").container();

    assertThat(c.limits())
        .isEqualTo(new Limits(new ByteSize(512L << 20), new ByteSize(1L << 30), null, 1000, 200L));
    assertThat(c.extra()).isEqualTo(Map.of("TECHNOLOGIES", "2G:2.2G"));
    assertThat(c.hostname()).isNull();
    assertThat(c.sample()).isEqualTo("basic");
    host.assertNothingLeaks();
  }

  @Test
  void create_twentyAtOnce() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(20)) {
      for (int ctid = 101; ctid <= 120; ctid++) {
        int id = ctid;
        pool.execute(() -> daemon.create(id));
      }
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(host.store.all()).hasSize(20);
    assertThat(host.store.all().stream().map(Container::ids).distinct()).hasSize(20);
    host.assertNothingLeaks();
  }

  private ContainerView create(
      int ctid, String template, String hostname, String description, String sample) {
    return service.create(
        new CreateRequest(new Ctid(ctid), template, hostname, null, description, sample, false),
        lines);
  }
}
