package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.schema.ExitCode;

/** From create to destroy, for every kind of system. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A service that leaves a note when it is stopped. */
  private static final String UNIT =
      """
      printf '[Service]\\nExecStart=/bin/sleep infinity\\nExecStop=/bin/touch /root/asked\\n' \
        > /etc/systemd/system/w.service && systemctl start w
      """;

  private static final String SCRIPT =
      """
      cat > /etc/init.d/w <<'X'
      #!/bin/sh
      ### BEGIN INIT INFO
      # Provides: w
      # Required-Start: $remote_fs
      # Required-Stop: $remote_fs
      # Default-Start: 2 3 4 5
      # Default-Stop: 0 1 6
      ### END INIT INFO
      [ "$1" = stop ] && touch /root/asked
      exit 0
      X
      chmod +x /etc/init.d/w && update-rc.d w defaults
      """;

  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private void create(SystemKind kind) {
    guest = kind.create(host, 201, "web1.example.org");
  }

  @AfterEach
  void destroy() {
    if (!guest.statusLine().contains("deleted")) {
      guest.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource
  void initSaysItIsUpAndNothingFailed(SystemKind kind) {
    create(kind);
    CommandResult start = guest.vzctl("start", "--wait").ok();
    assertThat(start.stdout().lines())
        .containsExactly(
            "Starting container...", "Container is mounted", "Container started successfully");
    if (kind.systemd()) {
      assertThat(guest.text("systemctl is-system-running")).isEqualTo("running");
      assertThat(guest.text("systemctl list-units --failed --no-legend --plain")).isEmpty();
      assertThat(guest.text("systemctl is-active ssh")).isEqualTo("active");
    } else {
      assertThat(guest.text("runlevel")).isEqualTo("N 2");
      assertThat(guest.text("service ssh status")).contains("sshd is running");
    }
    assertThat(guest.text("cat /proc/1/comm")).isEqualTo(kind.systemd() ? "systemd" : "init");
  }

  @ParameterizedTest
  @EnumSource
  void theHostNameIsItsOwn(SystemKind kind) {
    create(kind);
    guest.started();
    assertThat(guest.text("hostname")).isEqualTo("web1.example.org");
    assertThat(guest.text("cat /etc/hostname")).isEqualTo("web1.example.org");
    assertThat(guest.text("getent hosts web1 | cut -d' ' -f1")).isEqualTo("127.0.1.1");
    assertThat(guest.text("hostname -f")).isEqualTo("web1.example.org");
  }

  @ParameterizedTest
  @EnumSource
  void everyStateHasItsWords(SystemKind kind) {
    create(kind);
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");
    assertThat(guest.status()).isEqualTo("stopped");

    assertThat(guest.vzctl("mount").ok().text()).isEqualTo("Container is mounted");
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist mounted down");
    assertThat(guest.status()).isEqualTo("mounted");
    guest.vzctl("destroy").ended(ExitCode.ALREADY_MOUNTED);
    assertThat(guest.vzctl("mount").ok().stderr()).contains("already mounted");
    assertThat(guest.vzctl("umount").ok().text()).isEqualTo("Container is unmounted");
    guest.vzctl("umount").ended(ExitCode.NOT_MOUNTED);
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");

    guest.started();
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist mounted running");
    assertThat(guest.status()).isEqualTo("running");
    guest.vzctl("start").ended(ExitCode.ALREADY_RUNNING);
    guest.vzctl("destroy").ended(ExitCode.ALREADY_RUNNING);
    guest.vzctl("umount").ended(ExitCode.ALREADY_RUNNING);

    assertThat(guest.vzctl("stop").ok().stdout().lines())
        .containsExactly(
            "Stopping container ...", "Container was stopped", "Container is unmounted");
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");
    assertThat(guest.vzctl("destroy").ok().stdout().lines())
        .containsExactly(
            "Destroying container private area: " + guest.privateArea(),
            "Container private area was destroyed");
    assertThat(guest.statusLine()).isEqualTo("CTID 201 deleted unmounted down");
    assertThat(guest.privateArea()).doesNotExist();
    guest.vzctl("destroy").ended(ExitCode.NO_CONTAINER_CONFIG);
  }

  @ParameterizedTest
  @EnumSource
  void startingAMountedContainerTakesTheMountAway(SystemKind kind) {
    create(kind);
    guest.vzctl("mount").ok();
    guest.started();
    guest.vzctl("stop").ok();
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");
  }

  @ParameterizedTest
  @EnumSource
  void stoppingIsGracefulAndQuick(SystemKind kind) {
    create(kind);
    guest.started();
    guest.sh(kind.systemd() ? UNIT : SCRIPT).ok();
    CommandResult stop = guest.vzctl("stop").ok();
    // sysvinit gives its processes seconds between SIGTERM and SIGKILL.
    assertThat(stop.took()).isLessThan(Duration.ofSeconds(kind.systemd() ? 5 : 15));
    assertThat(guest.delta("root", "root/asked")).exists();
    CommandResult again = guest.vzctl("stop").ok();
    assertThat(again.stderr()).contains("not running");
    assertThat(again.stdout()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aFastStopIsFast(SystemKind kind) {
    create(kind);
    guest.started();
    assertThat(guest.vzctl("stop", "--fast").ok().took()).isLessThan(Duration.ofSeconds(2));
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");
    guest.started();
  }

  @ParameterizedTest
  @EnumSource
  void restartBootsAnewWhetherItRanOrNot(SystemKind kind) {
    create(kind);
    guest.vzctl("restart", "--wait").ok();
    int first = guest.init();
    assertThat(guest.vzctl("restart", "--wait").ok().stdout().lines())
        .contains("Container was stopped", "Container started successfully");
    assertThat(guest.init()).isNotEqualTo(first);
    guest.vzctl("restart", "--fast", "--wait").ok();
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist mounted running");
  }

  @ParameterizedTest
  @EnumSource
  void powerOffInsideIsKnownAtOnce(SystemKind kind) {
    create(kind);
    guest.started();
    ProcessHandle init = ProcessHandle.of(guest.init()).orElseThrow();
    guest.vzctl("exec", "poweroff");
    Guest.await("init has ended", SOON, () -> !init.isAlive());
    Guest.await("vzlist says stopped", AT_ONCE, () -> guest.status().equals("stopped"));
    assertThat(guest.statusLine()).isEqualTo("CTID 201 exist unmounted down");
    assertThat(host.run("vzlist", "-H", "-o", "ctid").ok().stdout()).isEmpty();
    guest.started();
  }

  @ParameterizedTest
  @EnumSource
  void rebootInsideStartsItAgain(SystemKind kind) {
    create(kind);
    guest.started();
    guest.sh("echo kept > /root/note").ok();
    int first = guest.init();
    guest.vzctl("exec", "reboot");
    Guest.await(
        "another init is ready",
        SOON,
        () ->
            guest.initIfAny().orElse(first) != first
                && host.run("vzlist", "-H", "-o", "status,ready", "201")
                    .text()
                    .matches("running +yes"));
    assertThat(guest.text("cat /root/note; cat /proc/1/comm").lines())
        .isEqualTo(List.of("kept", kind.systemd() ? "systemd" : "init"));
    guest.vzctl("stop").ok();
  }
}
