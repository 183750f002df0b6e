package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the inside sees of its limits, and that nothing depends on lxcfs staying alive. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsideViewIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 981, "debian-12", "--hostname", "web1");
    guest.vzctl("set", "--ram", "300M", "--cpus", "1", "--save").ok();
    guest.started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private static String megabytes(Guest guest) {
    return guest.text("awk '/^MemTotal/ {print $2 / 1024}' /proc/meminfo");
  }

  /** The daemon's lxcfs. */
  private ProcessHandle lxcfs() throws IOException {
    String pid = Files.readString(host.runDir().resolve("lxcfs")).split(" ")[0];
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  @Test
  void theLimitsAreSeenAndChangeAtOnce() {
    assertThat(megabytes(guest)).isEqualTo("300");
    assertThat(guest.text("free -m | awk '/^Mem/ {print $2}'")).isEqualTo("300");
    assertThat(
            guest
                .text(
                    "nproc; grep -c ^processor /proc/cpuinfo; grep -c ^cpu[0-9] /proc/stat;"
                        + " cat /sys/devices/system/cpu/online | wc -c")
                .lines())
        .containsExactly("1", "1", "1", "2");
    assertThat(Double.parseDouble(guest.text("cut -d' ' -f1 /proc/uptime"))).isLessThan(600);
    assertThat(Integer.parseInt(guest.text("tail -n +2 /proc/swaps | wc -l"))).isLessThan(2);
    guest.vzctl("set", "--ram", "420M", "--cpus", "0").ok();
    assertThat(megabytes(guest)).isEqualTo("420");
    assertThat(guest.text("grep -c ^processor /proc/cpuinfo")).isEqualTo(guest.text("nproc"));
    guest.vzctl("set", "--reset_ub").ok();
    assertThat(megabytes(guest)).isEqualTo("300");
    assertThat(guest.text("systemctl is-system-running")).isEqualTo("running");
  }

  @Test
  void noFileSystemOfTheHostIsHeld() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc", Long.toString(lxcfs().pid()), "mountinfo")))
        .extracting(line -> line.split(" ")[4])
        .contains("/", "/proc", "/run/view")
        .allMatch(target -> target.matches("/|/(proc|sys|dev|run)(/.*)?"));
  }

  @Test
  void anotherTakesThePlaceOfOneThatDied() throws IOException {
    Guest other = Guest.create(host, 982, "debian-12").started();
    other.vzctl("set", "--ram", "200M").ok();
    int init = guest.init();
    ProcessHandle first = lxcfs();
    // It counts as a failure of its own that is not repeated if it dies right after its start.
    Guest.await(
        "it has run for a while",
        SOON,
        () ->
            first
                .info()
                .startInstant()
                .orElseThrow()
                .plusSeconds(3)
                .isBefore(java.time.Instant.now()));
    first.destroyForcibly();
    Guest.await(
        "another one serves both",
        SOON,
        () ->
            guest.sh("grep -q ' 307200 kB' /proc/meminfo").exit() == 0
                && other.sh("grep -q ' 204800 kB' /proc/meminfo").exit() == 0);
    assertThat(lxcfs().pid()).isNotEqualTo(first.pid());
    assertThat(guest.init()).isEqualTo(init);
    assertThat(guest.text("grep -c ' /proc/meminfo ' /proc/mounts")).isEqualTo("1");

    // It outlives the daemon, and what happened meanwhile is mended.
    ProcessHandle second = lxcfs();
    host.kill9();
    assertThat(second.isAlive()).isTrue();
    second.destroyForcibly();
    host.startDaemon();
    host.run("vzlist", "-a").ok();
    Guest.await(
        "a third one serves them",
        SOON,
        () -> guest.sh("grep -q ' 307200 kB' /proc/meminfo").exit() == 0);
    assertThat(guest.init()).isEqualTo(init);
    other.destroy();
  }

  @Test
  void whatTheInsidePutInItsPlaceIsLeftAlone() throws IOException {
    Guest hostile = Guest.create(host, 983, "debian-12").started();
    hostile.vzctl("set", "--ram", "250M").ok();
    hostile
        .sh(
            "umount /proc/meminfo; umount /proc/uptime; echo mine > /root/mine;"
                + " mount --bind /root/mine /proc/uptime; mkdir /root/d;"
                + " mount --bind /root/d /sys/devices/system/cpu; ln -s /etc/passwd /root/d/online")
        .ok();
    ProcessHandle before = lxcfs();
    Guest.await(
        "it has run for a while",
        SOON,
        () ->
            before
                .info()
                .startInstant()
                .orElseThrow()
                .plusSeconds(3)
                .isBefore(java.time.Instant.now()));
    before.destroyForcibly();
    Guest.await(
        "the kernel's file is covered again",
        SOON,
        () -> hostile.sh("grep -q ' 256000 kB' /proc/meminfo").exit() == 0);
    assertThat(hostile.text("cat /proc/uptime; readlink /sys/devices/system/cpu/online").lines())
        .containsExactly("mine", "/etc/passwd");
    assertThat(hostile.text("head -c 4 /etc/passwd")).isEqualTo("root");
    hostile.destroy();
  }

  @Test
  void withoutItContainersRunAndTheLogSaysSo() {
    LaminaHost plain = LaminaHost.start(Map.of("LXCFS", "/nonexistent/lxcfs"));
    try {
      Guest other = Guest.create(plain, 984, "debian-12").started();
      other.vzctl("set", "--ram", "300M").ok();
      assertThat(other.text("systemctl is-system-running")).isEqualTo("running");
      assertThat(megabytes(other)).isNotEqualTo("300");
      assertThat(plain.logTail()).contains("lxcfs is not installed");
      other.destroy();
    } finally {
      plain.close();
    }
    assertThat(Path.of("/nonexistent")).doesNotExist();
  }
}
