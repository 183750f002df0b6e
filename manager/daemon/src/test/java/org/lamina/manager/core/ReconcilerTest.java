package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.ExitCause;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** What a new daemon makes of what it finds. */
class ReconcilerTest {
  private static final Ctid CTID = new Ctid(101);

  @TempDir Path dir;
  private TestHost host;

  @BeforeEach
  void openHost() throws Exception {
    host = new TestHost(dir, Map.of("VE_PARALLEL", "1"));
  }

  @AfterEach
  void closeHost() {
    host.close();
  }

  private TestDaemon withRunningContainer() throws Exception {
    TestDaemon daemon = host.boot();
    host.daemon(Life.immortal()).reconcile().run();
    daemon.create(101);
    daemon.start(101);
    daemon.life.end();
    return daemon;
  }

  @Test
  void runningContainer_isAdoptedAndItsExitSeen() throws Exception {
    withRunningContainer();
    TestDaemon next = host.boot();
    assertThat(next.containers().find("101").status()).isEqualTo(ContainerView.Status.RUNNING);

    host.kernel.end(CTID, ExitCause.Kind.HALTED);

    assertThat(next.containers().find("101").status()).isEqualTo(ContainerView.Status.STOPPED);
    TestHost.eventually("settled", () -> !host.store.find(CTID).orElseThrow().wantsRunning());
    TestHost.eventually("swept", () -> host.kernel.traces.isEmpty());
    host.assertNothingLeaks();
  }

  @Test
  void containerThatHaltedMeanwhile_isStopped() throws Exception {
    withRunningContainer();
    host.kernel.end(CTID, ExitCause.Kind.HALTED);
    host.boot();

    host.assertNothingLeaks();
    assertThat(host.kernel.running).isEmpty();
  }

  @Test
  void containerThatRebootedMeanwhile_isStartedAgain() throws Exception {
    withRunningContainer();
    host.kernel.end(CTID, ExitCause.Kind.REBOOT);
    host.boot();

    TestHost.eventually("runs again", () -> host.kernel.running.containsKey(CTID));
    TestHost.eventually("settled", () -> host.store.intents().isEmpty());
    host.assertNothingLeaks();
  }

  @Test
  void restartOfTheDaemon_startsNothing() throws Exception {
    TestDaemon daemon = withRunningContainer();
    host.kernel.end(CTID, ExitCause.Kind.KILLED);
    assertThat(daemon.life).isNotNull();
    host.daemon(Life.immortal()).reconcile().run();

    assertThat(host.kernel.running).isEmpty();
    host.assertNothingLeaks();
  }

  @Test
  void bootOfTheHost_startsWhatRanBeforeAndOnbootOnes_higherOrderFirst() throws Exception {
    TestDaemon daemon = host.boot();
    for (int ctid = 101; ctid <= 106; ctid++) {
      daemon.create(ctid);
    }
    daemon.start(101); // ran before
    daemon.start(102); // ran before, and is not to start with the host
    set(daemon, 102, false, null, null);
    set(daemon, 103, true, 5, null);
    set(daemon, 104, true, 50, null);
    set(daemon, 105, true, 99, true); // disabled
    daemon.life.end();
    host.reboot();

    TestDaemon next = host.daemon(Life.immortal());
    LaminaCore.Startup startup = next.reconcile();
    assertThat(host.kernel.running).as("commands are taken before").isEmpty();
    startup.run();

    assertThat(host.kernel.runningNow()).containsExactly(CTID, new Ctid(103), new Ctid(104));
    List<String> order =
        next.core.operations().latest(99).stream()
            .filter(o -> o.kind().equals("start") && o.id() > 11)
            .map(Operation::target)
            .toList()
            .reversed();
    assertThat(order).containsExactly("104", "103", "101");

    host.daemon(Life.immortal()).reconcile().run();
    assertThat(host.kernel.running).hasSize(3);
  }

  @Test
  void shutdownOfTheHost_stopsInReverse_andWhatRanComesUpAgain() throws Exception {
    TestDaemon daemon = host.boot();
    host.daemon(Life.immortal()).reconcile().run(); // the host's boot is over
    for (int ctid = 101; ctid <= 104; ctid++) {
      daemon.create(ctid);
    }
    set(daemon, 102, null, 5, null);
    set(daemon, 103, null, 50, null);
    daemon.start(101);
    daemon.start(102);
    daemon.start(103);

    assertThat(daemon.containers().shutdown(daemon.lines)).isEqualTo(3);
    assertThat(host.kernel.running).isEmpty();
    assertThat(daemon.lines.said)
        .containsSubsequence(
            "Container 101 was stopped", "Container 102 was stopped", "Container 103 was stopped");
    daemon.life.end();

    host.daemon(Life.immortal()).reconcile().run();
    assertThat(host.kernel.runningNow())
        .containsExactly(CTID, new Ctid(102), new Ctid(103))
        .doesNotContain(new Ctid(104));
  }

  @Test
  void daemonKilledDuringTheHostsShutdown_leavesNobodyDown() throws Exception {
    List<String> ends = new ArrayList<>();
    for (int point = 1; ; point++) {
      try (TestHost own = new TestHost(Files.createDirectory(dir.resolve("host-" + point)))) {
        TestDaemon first = own.boot();
        first.create(101);
        first.start(101);
        first.life.end();
        TestDaemon doomed = own.daemon(Life.endingAt(point));
        try {
          var _ = doomed.containers().shutdown(doomed.lines);
          assertThat(ends).contains("intend after", "powerOff before", "sweep after");
          return;
        } catch (Crash e) {
          ends.add(doomed.life.last());
        }
        own.daemon(Life.immortal()).reconcile().run();
        TestHost.eventually(
            "up again after the end at " + ends.getLast(),
            () -> own.kernel.running.containsKey(CTID) && own.store.intents().isEmpty());
        own.assertNothingLeaks();
      }
    }
  }

  @Test
  void shutdownOfTheHost_names_whatCannotBeStopped() {
    TestDaemon daemon = host.boot();
    daemon.create(101);
    daemon.create(102);
    daemon.start(101);
    daemon.start(102);
    daemon.runtime.failures.put(
        "powerOff", new LaminaException(ExitCode.SYSTEM, "no signal reaches it"));
    assertThatThrownBy(() -> daemon.containers().shutdown(daemon.lines))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.CANNOT_STOP);
              assertThat(e.text()).contains("101", "102");
            });
    assertThat(host.kernel.runningNow()).hasSize(2);
    assertThat(host.store.intents()).isEmpty();
  }

  @Test
  void bootOfTheHost_withContainersSwitchedOff_startsNothing() throws Exception {
    try (TestHost off = new TestHost(dir.resolve("off"), Map.of("VIRTUOZZO", "no"))) {
      TestDaemon daemon = off.boot();
      daemon.create(101);
      set(daemon, 101, true, null, null);
      off.daemon(Life.immortal()).reconcile().run();
      assertThat(off.kernel.running).isEmpty();
    }
  }

  @Test
  void daemonKilledDuringTheHostsBoot_goesOnWithIt() throws Exception {
    TestDaemon daemon = host.boot();
    daemon.create(101);
    daemon.create(102);
    set(daemon, 101, true, null, null);
    set(daemon, 102, true, null, null);
    host.daemon(Life.immortal()).reconcile().run();
    daemon.stop(101);
    daemon.stop(102);
    daemon.life.end();
    host.reboot();
    host.daemon(Life.immortal()).reconcile(); // and ends before its startup ran

    host.daemon(Life.immortal()).reconcile().run();
    assertThat(host.kernel.runningNow()).hasSize(2);
  }

  @Test
  void bootOfTheHost_triesOnceMoreWhatFailedInTheCrowd() throws Exception {
    TestDaemon daemon = host.boot();
    for (int ctid = 101; ctid <= 103; ctid++) {
      daemon.create(ctid);
      set(daemon, ctid, true, null, null);
    }
    daemon.life.end();
    host.reboot();

    TestDaemon next = host.daemon(Life.immortal());
    next.runtime.failuresOnce.put("start", new LaminaException(ExitCode.CANNOT_ADD_IP, "too slow"));
    next.reconcile().run();
    assertThat(host.kernel.runningNow()).hasSize(3);
    assertThat(starts(next)).as("one of them twice").hasSize(4);

    host.reboot();
    next = host.daemon(Life.immortal());
    next.runtime.failures.put("start", new LaminaException(ExitCode.CANNOT_ADD_IP, "never"));
    int before = starts(next).size();
    next.reconcile().run();
    assertThat(host.kernel.runningNow()).isEmpty();
    assertThat(starts(next)).as("and no oftener").hasSize(before + 6);
  }

  private static List<Operation> starts(TestDaemon daemon) {
    return daemon.core.operations().latest(99).stream()
        .filter(o -> o.kind().equals("start"))
        .toList();
  }

  @Test
  void whatBelongsToNobody_goes() throws Exception {
    TestDaemon daemon = host.boot();
    daemon.create(101);
    Path area = host.config.privateDir();
    Files.createDirectories(area.resolve(".creating-102/delta/root"));
    Files.createDirectories(area.resolve(".destroying-103-00ff/delta/root/upper/x"));
    Files.createDirectories(area.resolve(".destroying-101-00ff/delta"));
    host.kernel.traces.add(new Ctid(104));
    host.boot();

    host.assertNothingLeaks();
    assertThat(host.store.all()).hasSize(1);
  }

  @Test
  void destructionWhoseIntentAPowerCutSwallowed_isFinished() throws Exception {
    TestDaemon daemon = host.boot();
    daemon.create(101);
    Files.move(
        host.config.privateArea(CTID), host.config.privateDir().resolve(".destroying-101-0a"));
    host.boot();

    assertThat(host.store.all()).isEmpty();
    host.assertNothingLeaks();
  }

  @Test
  void runningContainerThatTheDatabaseLost_isLeftAlone_andRecovered() throws Exception {
    TestDaemon daemon = withRunningContainer();
    Container lost = host.store.find(CTID).orElseThrow();
    host.store.delete(CTID);
    assertThat(daemon.life).isNotNull();

    TestDaemon next = host.boot();
    assertThat(host.kernel.running).containsKey(CTID);

    assertThat(next.containers().recover(next.lines)).containsExactly(CTID);
    assertThat(host.store.find(CTID)).hasValue(lost);
    host.kernel.end(CTID, ExitCause.Kind.REBOOT);
    TestHost.eventually("watched", () -> host.kernel.running.containsKey(CTID));
  }

  @Test
  void veConf_isWrittenAgainFromTheDatabase() throws Exception {
    host.boot().create(101);
    Files.writeString(host.config.veConf(CTID), "# mine\nNAME=\"wrong\"\n");
    host.boot();

    ConfFile now = ConfFile.read(host.config.veConf(CTID));
    assertThat(now.render()).startsWith("# mine\n");
    host.assertNothingLeaks();
  }

  @Test
  void missingPrivateArea_doesNotKeepTheDaemonFromStarting() throws Exception {
    TestDaemon daemon = host.boot();
    daemon.create(101);
    daemon.create(102);
    TreeRemover.remove(host.config.privateArea(CTID));
    TestDaemon next = host.boot();

    next.start(102);
    assertThat(host.kernel.runningNow()).containsExactly(new Ctid(102));
  }

  private static void set(
      TestDaemon daemon, int ctid, Boolean onboot, Integer order, Boolean disabled) {
    daemon
        .containers()
        .set(
            new Ctid(ctid),
            new SettingsChange(Limits.NONE, null, null, null, onboot, order, disabled, null, null),
            true,
            daemon.lines);
  }
}
