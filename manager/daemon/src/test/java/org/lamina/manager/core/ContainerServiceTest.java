package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;

/** The words and exit codes of the commands, and what they leave behind. */
class ContainerServiceTest {
  private static final Ctid CTID = new Ctid(101);
  private static final SettingsChange NOTHING =
      new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null);

  @TempDir Path dir;
  private TestHost host;
  private TestDaemon daemon;
  private ContainerService service;
  private Lines lines;

  @BeforeEach
  void boot() throws Exception {
    host = new TestHost(dir, Map.of("STOP_TIMEOUT", "1"));
    daemon = host.boot();
    service = daemon.containers();
    lines = daemon.lines;
  }

  @AfterEach
  void closeHost() {
    host.close();
  }

  private void forgetLines() {
    lines.said.clear();
    lines.warned.clear();
  }

  // ---- create

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

  // ---- start, stop, restart

  @Test
  void start_stop_sayWhatVzctlSays() {
    daemon.create(101);
    setLimits(new Limits(null, null, 50.0, 1000, null), true);
    forgetLines();
    daemon.start(101);
    assertThat(lines.said)
        .containsExactly(
            "Starting container...",
            "Container is mounted",
            "Setting CPU units: 1000",
            "Setting CPU limit: 50",
            "Container start in progress...");
    assertThat(host.kernel.specs.get(CTID).limits().cpuUnits()).isEqualTo(1000);
    assertThat(host.kernel.specs.get(CTID).hostname()).isEqualTo("web101");
    assertFails(ExitCode.ALREADY_RUNNING, () -> daemon.start(101));
    assertFails(ExitCode.ALREADY_RUNNING, () -> daemon.destroy(101));

    forgetLines();
    daemon.stop(101);
    assertThat(lines.said)
        .containsExactly(
            "Stopping container ...", "Container was stopped", "Container is unmounted");
    host.assertNothingLeaks();

    forgetLines();
    daemon.stop(101);
    assertThat(lines.said).isEmpty();
    assertThat(lines.warned).containsExactly("Unable to stop: container 101 is not running");
  }

  @Test
  void start_withWait_saysWhenItIsUp_orThatItIsNot() {
    daemon.create(101);
    service.start(CTID, Duration.ofSeconds(5), false, lines);
    assertThat(lines.said).endsWith("Container started successfully");
    daemon.stop(101);

    CompletableFuture<Void> unready =
        CompletableFuture.runAsync(() -> {
          TestHost.eventually("booted", () -> host.kernel.running.containsKey(CTID));
          host.kernel.running.get(CTID).ready = false;
        });
    host.kernel.stubborn.add(CTID);
    LaminaException e =
        catchThrowableOfType(
            LaminaException.class,
            () -> {
              daemon.runtime.kernel.running.clear();
              service.start(CTID, Duration.ofMillis(700), false, unreadyListener());
            });
    unready.join();
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(ExitCode.WAIT_FAILED);
    assertThat(host.kernel.running).as("it keeps running").containsKey(CTID);
  }

  /** Makes init unready before the wait begins. */
  private Listener unreadyListener() {
    return new Listener() {
      @Override
      public void say(String line) {
        FakeInit init = host.kernel.running.get(CTID);
        if (init != null) {
          init.ready = false;
        }
      }

      @Override
      public void warn(String line) {}

      @Override
      public void report(int percent, String message) {}
    };
  }

  @Test
  void start_whenDisabled_wantsForce() {
    daemon.create(101);
    set(change(null, null, null, null, true), true);
    assertFails(ExitCode.START_DISABLED, () -> daemon.start(101));
    service.start(CTID, null, true, lines);
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void start_thatFails_leavesNothing() {
    daemon.create(101);
    daemon.runtime.failures.put(
        "start", new LaminaException(ExitCode.BROKEN_TEMPLATE, "there is no init"));
    assertFails(ExitCode.BROKEN_TEMPLATE, () -> daemon.start(101));
    host.assertNothingLeaks();

    daemon.runtime.failures.clear();
    daemon.start(101);
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void start_ofAMountedContainer_mountsItAnew() {
    daemon.create(101);
    service.mount(CTID, lines);
    daemon.start(101);
    assertThat(host.kernel.mounts).isEmpty();
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void stop_killsWhatIgnoresThePowerOff() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    long begin = System.nanoTime();
    daemon.stop(101);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
    assertThat(lines.warned)
        .containsExactly("container 101 did not power off within 1 s, killing it");
    host.assertNothingLeaks();
  }

  @Test
  void stop_fast_doesNotAsk() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    service.stop(CTID, true, lines);
    assertThat(lines.warned).isEmpty();
    host.assertNothingLeaks();
  }

  @Test
  void stop_thatFails_isNotTriedAgainByTheNextDaemon() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put("powerOff", new LaminaException(ExitCode.SYSTEM, "EIO"));
    assertFails(ExitCode.SYSTEM, () -> daemon.stop(101));
    daemon.life.end();
    host.boot();
    assertThat(host.kernel.running).containsKey(CTID);
    host.assertNothingLeaks();
  }

  @Test
  void restart_worksOnRunningAndStoppedOnes() {
    daemon.create(101);
    forgetLines();
    service.restart(CTID, null, false, false, lines);
    assertThat(lines.said).startsWith("Restarting container", "Starting container...");
    FakeInit first = host.kernel.running.get(CTID);
    service.restart(CTID, null, false, false, lines);
    assertThat(host.kernel.running.get(CTID)).isNotSameAs(first);
    host.assertNothingLeaks();
  }

  // ---- what happens inside

  @Test
  void poweroffInside_showsAtOnce() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.end(CTID, ExitCause.Kind.HALTED);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.STOPPED);
    TestHost.eventually("swept", () -> host.kernel.traces.isEmpty());
    daemon.start(101);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.RUNNING);
  }

  @Test
  void rebootInside_startsItAgain_butNotForEver() {
    daemon.create(101);
    daemon.start(101);
    for (int i = 0; i < 6; i++) {
      FakeInit init = host.kernel.running.get(CTID);
      init.end(new ExitCause(ExitCause.Kind.REBOOT, 0));
      TestHost.eventually(
          "again",
          () -> host.kernel.running.containsKey(CTID) && host.kernel.running.get(CTID) != init);
      TestHost.eventually("settled", () -> host.store.intents().isEmpty());
    }
    host.kernel.end(CTID, ExitCause.Kind.REBOOT);
    TestHost.eventually("given up", () -> !host.store.find(CTID).orElseThrow().wantsRunning());
    host.assertNothingLeaks();
  }

  // ---- locks

  @Test
  void twoCommandsOnOneContainer_theSecondIsToldWhoHasIt() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> daemon.stop(101));
    TestHost.eventually("stopping", () -> "stopping".equals(service.find("101").operation()));

    LaminaException e = assertFails(ExitCode.LOCKED, () -> daemon.start(101));
    assertThat(e.text()).contains("already locked by \"stop\" (operation ").contains(" since 20");
    assertThat(service.list()).hasSize(1);
    stopping.join();
  }

  @Test
  void cancel_cutsTheWaitShort() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    Operation operation =
        daemon
            .core
            .operations()
            .submit(
                "stop",
                "101",
                task -> {
                  service.stop(CTID, false, task);
                  return CTID;
                });
    TestHost.eventually("waiting", () -> "stopping".equals(service.find("101").operation()));
    assertThat(daemon.core.operations().cancel(operation.id())).isTrue();
    TestHost.eventually("stopped", () -> host.kernel.running.isEmpty());
  }

  // ---- destroy, mount

  @Test
  void destroy_saysWhatVzctlSays_andFollowsNoLinks() throws Exception {
    daemon.create(101);
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path upper = host.config.privateArea(CTID).resolve("delta/root/upper");
    Files.createSymbolicLink(upper.resolve("link"), outside);
    forgetLines();

    daemon.destroy(101);

    assertThat(lines.said)
        .containsExactly(
            "Destroying container private area: " + host.config.privateArea(CTID),
            "Container private area was destroyed");
    assertThat(outside.resolve("precious")).exists();
    assertThat(host.store.all()).isEmpty();
    host.assertNothingLeaks();
    assertFails(ExitCode.NO_CONTAINER_CONFIG, () -> daemon.destroy(101));
  }

  @Test
  void mount_umount_followVzctl() {
    daemon.create(101);
    forgetLines();
    assertFails(ExitCode.NOT_MOUNTED, () -> service.umount(CTID, lines));
    service.mount(CTID, lines);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.MOUNTED);
    assertThat(lines.said).containsExactly("Container is mounted");
    service.mount(CTID, lines);
    assertThat(lines.warned).containsExactly("Container 101 is already mounted");
    assertFails(ExitCode.ALREADY_MOUNTED, () -> daemon.destroy(101));
    service.umount(CTID, lines);
    assertThat(lines.said).endsWith("Container is unmounted");
    daemon.start(101);
    assertFails(ExitCode.ALREADY_RUNNING, () -> service.umount(CTID, lines));
  }

  // ---- set

  @Test
  void set_withoutSave_isLiveOnly_andSaysSo() {
    daemon.create(101);
    assertFails(ExitCode.NOT_RUNNING, () -> setLimits(ram(512), false));
    daemon.start(101);
    forgetLines();
    setLimits(ram(512), false);
    assertThat(host.kernel.running.get(CTID).applied).containsExactly(ram(512));
    assertThat(lines.said).containsExactly("UB limits were set successfully");
    assertThat(lines.warned).hasSize(1).first().asString().contains("--save");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
  }

  @Test
  void set_withSave_onAStoppedOne_savesOnly() {
    daemon.create(101);
    forgetLines();
    setLimits(new Limits(new ByteSize(5000), null, 12.5, 500, null), true);
    assertThat(lines.said).containsExactly("CT configuration saved to " + host.config.veConf(CTID));
    assertThat(host.store.find(CTID).orElseThrow().limits())
        .isEqualTo(new Limits(new ByteSize(8192), null, 12.5, 500, null));
    host.assertNothingLeaks();

    forgetLines();
    set(NOTHING, true);
    assertThat(lines.said).containsExactly("No changes in CT configuration, not saving");
  }

  @Test
  void set_withSave_thatFailsLive_savesNothing_andTakesBackWhatItDid() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put("setHostname", new LaminaException(ExitCode.SYSTEM, "no"));
    SettingsChange both =
        new SettingsChange(ram(512), "other", null, null, null, null, null, null, null);
    assertFails(ExitCode.SYSTEM, () -> set(both, true));

    assertThat(lines.warned)
        .containsExactly("failed to apply some parameters, not saving configuration file");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    List<Limits> applied = host.kernel.running.get(CTID).applied;
    assertThat(applied).hasSize(2);
    assertThat(applied.getLast()).isEqualTo(Limits.NONE);
  }

  @Test
  void set_changesOnlyWhatWasAsked_ofWhatHoldsNow() {
    daemon.create(101);
    setLimits(new Limits(null, null, 50.0, 1000, null), true);
    daemon.start(101);
    setLimits(ram(512), false);
    setLimits(new Limits(null, null, 75.0, null, null), true);
    List<Limits> applied = host.kernel.running.get(CTID).applied;
    assertThat(applied)
        .containsExactly(
            new Limits(new ByteSize(512L << 20), null, 50.0, 1000, null),
            new Limits(new ByteSize(512L << 20), null, 75.0, 1000, null));
    assertThat(host.store.find(CTID).orElseThrow().limits())
        .isEqualTo(new Limits(null, null, 75.0, 1000, null));

    daemon.runtime.failures.put("setHostname", new LaminaException(ExitCode.SYSTEM, "no"));
    SettingsChange both =
        new SettingsChange(ram(64), "other", null, null, null, null, null, null, null);
    assertFails(ExitCode.SYSTEM, () -> set(both, true));
    assertThat(applied.getLast())
        .as("back to what held, not to what is saved")
        .isEqualTo(new Limits(new ByteSize(512L << 20), null, 75.0, 1000, null));

    set(config(new ConfigChange(Map.of(), null, null, true)), false);
    assertThat(applied.getLast()).isEqualTo(new Limits(null, null, 75.0, 1000, null));
  }

  @Test
  void set_onAStoppedOne_savesNoLimitTheHostCannotHold() {
    daemon.create(101);
    daemon.runtime.failures.put(
        "requireLimits", new LaminaException(ExitCode.NO_KERNEL_SUPPORT, "no"));
    assertFails(ExitCode.NO_KERNEL_SUPPORT, () -> setLimits(ram(512), true));
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    set(change("one", null, null, null, null), true);
    assertFails(
        ExitCode.BAD_PARAMETER,
        () -> setLimits(new LimitsBuilder().cpuMask(CpuList.AUTO).build(), true));
  }

  @Test
  void set_bindsAllOrNone() {
    daemon.create(101);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("", "/mnt/a"), true));
    set(binds("/srv/a:/mnt/a,ro /srv/b:/mnt/b", ""), true);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("/x:/mnt/a", ""), true));
    daemon.start(101);
    assertThat(host.kernel.specs.get(CTID).bindMounts()).hasSize(2);
    List<String> bound = host.kernel.running.get(CTID).bound;
    bound.addAll(List.of("/srv/a:/mnt/a,ro", "/srv/b:/mnt/b"));

    set(binds("/srv/c:/mnt/c", "/mnt/a"), false);
    assertThat(bound).containsExactly("/srv/b:/mnt/b", "/srv/c:/mnt/c");
    set(binds("", "/mnt/c"), false);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("", "/mnt/c"), false));
    daemon.runtime.failures.put("bind", new LaminaException(ExitCode.ENVIRONMENT_FAILED, "no"));
    assertFails(ExitCode.ENVIRONMENT_FAILED, () -> set(binds("/srv/d:/mnt/d", ""), true));
    daemon.runtime.failures.clear();
    assertThat(bound).containsExactly("/srv/b:/mnt/b");
    SettingsChange spoiled =
        new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, "root:x")
            .with(binds("/srv/d:/mnt/d", "/mnt/b").config());
    daemon.runtime.commandExit = CompletableFuture.completedFuture(1);
    assertFails(ExitCode.PASSWORD_FAILED, () -> set(spoiled, true));
    assertThat(bound).containsExactly("/srv/b:/mnt/b");
    assertThat(host.store.find(CTID).orElseThrow().bindMounts()).hasSize(2);
    set(binds("", "all"), true);
    assertThat(bound).isEmpty();
    assertThat(host.store.find(CTID).orElseThrow().bindMounts()).isEmpty();
  }

  private static SettingsChange binds(String add, String delete) {
    return config(
        new ConfigChange(
            Map.of(),
            null,
            null,
            false,
            add.isEmpty() ? List.of() : BindMount.parseAll(add),
            delete.isEmpty() ? List.of() : List.of(delete)));
  }

  @Test
  void set_keepsCountersOfOpenVz_andSaysSo() {
    daemon.create(101);
    ConfigChange kept =
        new ConfigChange(
            Map.of("KMEMSIZE", new ConfigChange.Kept("--kmemsize", "1:2")), null, null, false);
    forgetLines();
    set(config(kept), false);
    assertThat(host.store.find(CTID).orElseThrow().extra()).isEmpty();
    set(config(kept), true);
    assertThat(host.store.find(CTID).orElseThrow().extra()).containsEntry("KMEMSIZE", "1:2");
    assertThat(lines.warned)
        .containsExactly(
            "--kmemsize has no counterpart in this kernel and is not enforced; without --save it"
                + " is not kept either",
            "--kmemsize has no counterpart in this kernel and is not enforced; its value is kept in"
                + " the configuration");
  }

  @Test
  void set_appliesASample_underWhatIsGivenBesideIt() throws Exception {
    Files.writeString(
        host.config.sample("small"),
        "PHYSPAGES=\"0:512M\"\nNUMPROC=200\nKMEMSIZE=\"1:1\"\nHOSTNAME=no\nONBOOT=yes\n");
    daemon.create(101);
    daemon.start(101);
    set(
        new SettingsChange(
                new Limits(null, null, null, null, 77L),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null)
            .with(new ConfigChange(Map.of(), "small", null, false)),
        true);
    Container c = host.store.find(CTID).orElseThrow();
    assertThat(c.limits()).isEqualTo(new Limits(new ByteSize(512L << 20), null, null, null, 77L));
    assertThat(c.sample()).isEqualTo("small");
    assertThat(c.hostname()).isEqualTo("web101");
    assertThat(c.onboot()).isTrue();
    assertThat(c.extra()).containsEntry("KMEMSIZE", "1:1");
    assertThat(host.kernel.running.get(CTID).applied).containsExactly(c.limits());
    assertFails(
        ExitCode.SAMPLE_MISSING,
        () -> set(config(new ConfigChange(Map.of(), "none", null, false)), true));
    assertFails(
        ExitCode.USAGE, () -> set(config(new ConfigChange(Map.of(), null, "big", false)), false));
    set(config(new ConfigChange(Map.of(), null, "big", false)), true);
    assertThat(host.store.find(CTID).orElseThrow().sample()).isEqualTo("big");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(c.limits());
  }

  private static SettingsChange config(ConfigChange config) {
    return new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
        .with(config);
  }

  @Test
  void set_refusesWhatCannotBe() {
    daemon.create(101, "one");
    daemon.create(102, "two");
    assertFails(ExitCode.NAME_FAILED, () -> set(change("two", null, null, null, null), true));
    assertFails(ExitCode.NAME_FAILED, () -> set(change("new", null, null, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, "x", null, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, null, true, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, null, null, 1, null), false));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, null, 7, null), true));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, -1.0, null, null), true));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, null, null, 0L), true));
    set(change("one", null, null, null, null), true);
    set(change("", null, null, null, null), true);
    assertThat(host.store.find(CTID).orElseThrow().name()).isNull();
  }

  @Test
  void userPassword_travelsThroughStandardInputOnly_runningOrNot() {
    daemon.create(101);
    SettingsChange change =
        new SettingsChange(
            Limits.NONE, null, null, null, null, null, null, null, "admin:s3cret:with colon");
    set(change, true);
    daemon.start(101);
    set(change, false);

    assertThat(daemon.descriptors.inputs)
        .containsExactly("admin:s3cret:with colon\n", "admin:s3cret:with colon\n");
    assertThat(daemon.runtime.commands).hasSize(2);
    for (ExecSpec command : daemon.runtime.commands) {
      assertThat(command.toString()).doesNotContain("s3cret");
    }
    assertThat(lines.said.toString() + lines.warned + host.journal.latest(99))
        .doesNotContain("s3cret")
        .contains("Password of user admin was changed");
    assertThat(daemon.descriptors.closed).hasSize(4);
  }

  @Test
  void userPassword_thatFails_savesNothing_andShowsNoPassword() {
    daemon.create(101);
    daemon.runtime.commandExit = CompletableFuture.completedFuture(1);
    daemon.descriptors.output = "chpasswd: (user root) s3cret is too short\n";
    SettingsChange change =
        new SettingsChange(ram(512), null, null, null, null, null, null, null, "root:s3cret");

    LaminaException e = assertFails(ExitCode.PASSWORD_FAILED, () -> set(change, true));
    assertThat(e.text()).contains("is too short").doesNotContain("s3cret");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    for (String bad : List.of("root", ":x", "root:", "a b:x", "-x:y", "root:a\nb", "../x:y")) {
      assertFails(
          ExitCode.BAD_PARAMETER,
          () ->
              set(
                  new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, bad),
                  true));
    }
  }

  // ---- find, runScript, register

  @Test
  void find_takesNumbersAndNames() {
    daemon.create(101, "web server");
    assertThat(service.find("web server").container().ctid()).isEqualTo(CTID);
    assertFails(ExitCode.NO_CONTAINER_CONFIG, () -> service.find("999"));
    assertFails(ExitCode.BAD_PARAMETER, () -> service.find("nobody"));
    assertFails(ExitCode.BAD_PARAMETER, () -> service.find("99"));
    assertThat(service.lookup("nobody")).isEmpty();
    assertThat(service.lookup("999")).isEmpty();
    assertFails(ExitCode.NOT_RUNNING, () -> service.running(CTID));
  }

  @Test
  void runScript_inAStoppedOne_holdsTheLockUntilItEnds() {
    daemon.create(101);
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    daemon.runtime.commandExit = exit;
    ExecSpec spec =
        new ExecSpec(
            List.of("/bin/sh"),
            Map.of(),
            new ExecSpec.Stdio(new Fd(0, n -> {}), new Fd(1, n -> {}), new Fd(2, n -> {})),
            ExecSpec.TerminalSize.DEFAULT);
    assertThat(service.runScript(CTID, spec, lines).exit()).isNotDone();
    assertFails(ExitCode.LOCKED, () -> daemon.start(101));
    exit.complete(0);
    daemon.start(101);
    assertThat(service.runScript(CTID, spec, lines).exit()).isDone();
  }

  @Test
  void runScript_inAMountedOne_hasItMountedAgainAfterwards() {
    daemon.create(101);
    service.mount(CTID, lines);
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    daemon.runtime.commandExit = exit;
    ExecSpec spec =
        new ExecSpec(
            List.of("/bin/sh"),
            Map.of(),
            new ExecSpec.Stdio(new Fd(0, n -> {}), new Fd(1, n -> {}), new Fd(2, n -> {})),
            ExecSpec.TerminalSize.DEFAULT);
    CompletableFuture<Integer> ended = service.runScript(CTID, spec, lines).exit();
    assertThat(host.kernel.mounts).as("never two mounts of one delta").isEmpty();
    exit.complete(3);
    assertThat(ended.join()).isEqualTo(3);
    assertThat(host.kernel.mounts).hasSize(1);
    service.umount(CTID, lines);
    daemon.start(101);
  }

  @Test
  void unregister_register_giveTheSameContainerBack() {
    daemon.create(101, "web");
    setLimits(new Limits(new ByteSize(1 << 20), ByteSize.UNLIMITED, 150.0, 1000, 77L), true);
    Container before = host.store.find(CTID).orElseThrow();
    service.unregister(CTID, lines);
    assertThat(service.lookup("101")).isEmpty();
    assertThat(host.config.veConf(CTID)).exists();

    service.register(host.config.privateArea(CTID), CTID, false, lines);
    assertThat(host.store.find(CTID)).hasValue(before);
    host.assertNothingLeaks();
  }

  @Test
  void register_refusesWhatIsNotItsOwn() throws Exception {
    daemon.create(101);
    Path copy = dir.resolve("copy");
    Files.createDirectories(copy.resolve("delta"));
    Files.copy(host.config.veConf(CTID), copy.resolve("ve.conf"));
    assertFails(ExitCode.NOT_OWNER, () -> service.register(copy, new Ctid(102), true, lines));
    assertFails(
        ExitCode.REGISTER_FAILED,
        () -> service.register(dir.resolve("none"), new Ctid(102), true, lines));

    service.unregister(CTID, lines);
    host.templates.built.clear();
    Path area = host.config.privateArea(CTID);
    assertFails(ExitCode.REGISTER_FAILED, () -> service.register(area, CTID, false, lines));
    service.register(area, CTID, true, lines);
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.start(101));
    host.assertNothingLeaks();
  }

  @Test
  void recover_findsEveryContainer_whenTheDatabaseIsLost() {
    for (int ctid = 101; ctid <= 105; ctid++) {
      daemon.create(ctid, "c" + ctid);
    }
    List<Container> before = host.store.all();
    before.forEach(c -> host.store.delete(c.ctid()));

    assertThat(service.recover(lines)).hasSize(5);
    assertThat(host.store.all()).isEqualTo(before);
    host.assertNothingLeaks();
  }

  // ---- templates

  @Test
  void template_inUse_stays() {
    daemon.create(101);
    daemon.create(103);
    LaminaException e =
        assertFails(
            ExitCode.TEMPLATE_IN_USE, () -> daemon.core.templates().remove("debian-12", lines));
    assertThat(e.text()).contains("101, 103");
    daemon.destroy(101);
    daemon.destroy(103);
    daemon.core.templates().remove("debian-12", lines);
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.create(101));
    assertFails(
        ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.core.templates().remove("debian-12", lines));
  }

  // ---- helpers

  private ContainerView create(
      int ctid, String template, String hostname, String description, String sample) {
    return service.create(
        new CreateRequest(new Ctid(ctid), template, hostname, null, description, sample, false),
        lines);
  }

  private static Limits ram(int megabytes) {
    return new Limits(new ByteSize((long) megabytes << 20), null, null, null, null);
  }

  private void setLimits(Limits limits, boolean save) {
    set(new SettingsChange(limits, null, null, null, null, null, null, null, null), save);
  }

  private static SettingsChange change(
      String name, String description, Boolean onboot, Integer order, Boolean disabled) {
    return new SettingsChange(
        Limits.NONE, null, name, description, onboot, order, disabled, null, null);
  }

  private void set(SettingsChange change, boolean save) {
    service.set(CTID, change, save, lines);
  }

  private static LaminaException assertFails(ExitCode code, ThrowingCallable call) {
    LaminaException e = catchThrowableOfType(LaminaException.class, call);
    assertThat(e).as("a refusal with %s", code).isNotNull();
    assertThat(e.exitCode()).as(e.text()).isEqualTo(code);
    return e;
  }

  private static NetworkChange giving(String... addresses) {
    return new NetworkChange(
        false,
        List.of(),
        Stream.of(addresses).map(GuestAddress::parse).toList(),
        null,
        null,
        false,
        List.of(),
        List.of(),
        null);
  }

  private static SettingsChange network(NetworkChange change) {
    return new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
        .with(change);
  }

  private static NetworkConfig addresses(String... addresses) {
    return giving(addresses)
        .apply(
            NetworkConfig.NONE, new InterfaceIdentity(new Ctid(101), new java.util.UUID(0, 101)));
  }

  @Test
  void addresses_areThereFromTheStart_andChangeLive() {
    daemon.create(101);
    set(network(giving("10.0.0.1")), true);
    daemon.start(101);
    FakeInit init = host.kernel.running.get(new Ctid(101));
    assertThat(init.network).isEqualTo(addresses("10.0.0.1"));

    set(network(giving("10.0.0.2")), false);
    assertThat(init.network).isEqualTo(addresses("10.0.0.1", "10.0.0.2"));
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(addresses("10.0.0.1"));

    // What was not saved stays live beside what is saved now.
    set(network(giving("10.0.0.3")), true);
    assertThat(init.network).isEqualTo(addresses("10.0.0.1", "10.0.0.2", "10.0.0.3"));
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(addresses("10.0.0.1", "10.0.0.3"));
  }

  @Test
  void address_ofAnotherContainer_isRefused_savedOrLive() {
    daemon.create(101);
    set(network(giving("10.0.0.1")), true);
    daemon.start(101);
    set(network(giving("10.0.0.2")), false);
    daemon.create(102);
    for (String taken : List.of("10.0.0.1", "10.0.0.2")) {
      assertThatThrownBy(() ->
              daemon.containers().set(new Ctid(102), network(giving(taken)), true, daemon.lines))
          .isInstanceOfSatisfying(
              LaminaException.class,
              e -> {
                assertThat(e.exitCode()).isEqualTo(ExitCode.IP_IN_USE);
                assertThat(e.text()).contains(taken, "container 101");
              });
    }
  }

  @Test
  void network_thatCannotBeApplied_isNotSaved() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put(
        "applyNetwork", new LaminaException(ExitCode.CANNOT_ADD_IP, "no veth"));
    assertThatThrownBy(() -> set(network(giving("10.0.0.1")), true))
        .hasMessageContaining("no veth");
    assertThat(host.store.find(new Ctid(101)).orElseThrow().network())
        .isEqualTo(NetworkConfig.NONE);
    assertThat(host.kernel.running.get(new Ctid(101)).network).isEqualTo(NetworkConfig.NONE);
  }

  @Test
  void obstacles_areToldWhenAContainerGetsItsFirstAddress() {
    host.kernel.obstacles = List.of("chain FORWARD drops");
    daemon.create(101);
    daemon.start(101);
    assertThat(daemon.lines.warned).isEmpty();
    set(network(giving("10.0.0.1")), true);
    assertThat(daemon.lines.warned).containsExactly("chain FORWARD drops");
  }
}
