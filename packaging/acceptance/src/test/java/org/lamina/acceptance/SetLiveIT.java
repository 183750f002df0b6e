package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code vzctl set} does to a running container, seen by the kernel and from inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SetLiveIT {
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 951, "debian-12", "--hostname", "web1").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private CommandResult set(String... options) {
    return guest.vzctl("set", options);
  }

  /** A container's control file, by its name on the unified or the split hierarchy. */
  private static String knob(
      LaminaHost host, Guest guest, String unified, String controller, String split) {
    Path top = Path.of("/sys/fs/cgroup");
    Path below = Path.of(host.cgroupName(), guest.ctid());
    Path file =
        Files.isDirectory(top.resolve(controller))
            ? top.resolve(controller).resolve(below).resolve(split)
            : top.resolve(below).resolve(unified);
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of memory the kernel allows. */
  static long memory(LaminaHost host, Guest guest) {
    return Long.parseLong(knob(host, guest, "memory.max", "memory", "memory.limit_in_bytes"));
  }

  /** CPUs the kernel allows; negative for no limit. */
  static double cpuQuota(LaminaHost host, Guest guest) {
    String quota = knob(host, guest, "cpu.max", "cpu", "cpu.cfs_quota_us").split(" ")[0];
    return quota.equals("max") ? -1 : Double.parseDouble(quota) / 100_000;
  }

  @Test
  void memoryIsLimited() {
    set("--ram", "96M", "--swap", "0").ok();
    assertThat(memory(host, guest)).isEqualTo(96L << 20);
    assertThat(guest.sh("perl -e '$x = \"a\" x 300e6'").exit()).isEqualTo(137);
    guest.sh("perl -e '$x = \"a\" x 20e6'").ok();
    set("--ram", "1.5G", "--swap", "512M").ok();
    assertThat(memory(host, guest)).isEqualTo(1536L << 20);
    if (Files.isDirectory(Path.of("/sys/fs/cgroup/memory"))) {
      assertThat(knob(host, guest, "", "memory", "memory.memsw.limit_in_bytes"))
          .isEqualTo(Long.toString(2048L << 20));
    }
    guest.sh("perl -e '$x = \"a\" x 300e6'").ok();
    assertThat(guest.text("systemctl is-system-running")).isEqualTo("running");
  }

  @Test
  void processorTimeIsLimited() {
    String burn =
        "perl -e '$SIG{ALRM} = sub { my ($u, $s) = times; printf \"%d\", 100 * ($u + $s); exit };"
            + " alarm 2; 1 while 1'";
    set("--cpulimit", "20").ok();
    assertThat(cpuQuota(host, guest)).isEqualTo(0.2);
    assertThat(Integer.parseInt(guest.text(burn))).isBetween(10, 60);
    set("--cpulimit", "0").ok();
    assertThat(cpuQuota(host, guest)).isNegative();
    assertThat(Integer.parseInt(guest.text(burn))).isGreaterThan(60);
    set("--cpulimit", "12.5%").ok();
    assertThat(cpuQuota(host, guest)).isEqualTo(0.125);
    set("--cpulimit", "unlimited").ok();
  }

  @Test
  void processesAreLimited() {
    set("--numproc", "40").ok();
    assertThat(knob(host, guest, "pids.max", "pids", "pids.max")).isEqualTo("40");
    CommandResult bomb =
        guest.sh(
            "perl -e 'for (1..100) { my $p = fork; defined $p or print(\"refused\\n\"), last;"
                + " $p or sleep 5, exit } kill 15, -$$'");
    assertThat(bomb.stdout()).contains("refused");
    // Threads count too, and the host is not affected.
    guest.sh("pkill perl; true");
    set("--numproc", "100:300").ok();
    assertThat(knob(host, guest, "pids.max", "pids", "pids.max")).isEqualTo("300");
    set("--numproc", "unlimited").ok();
    assertThat(knob(host, guest, "pids.max", "pids", "pids.max")).isEqualTo("max");
  }

  @Test
  void theInsideCannotLiftItsLimits() {
    set("--numproc", "200").ok();
    // Neither its own view nor a fresh one of the hierarchy shows the cgroup that holds the limit.
    CommandResult look =
        guest.sh(
            "mkdir -p /tmp/cg; mount -t cgroup -o pids pids /tmp/cg; echo max > /tmp/cg/../pids.max;"
                + " find /sys/fs/cgroup /tmp/cg -name pids.max | xargs grep -lx 200; umount /tmp/cg");
    assertThat(look.stdout()).isEmpty();
    assertThat(knob(host, guest, "pids.max", "pids", "pids.max")).isEqualTo("200");
    set("--numproc", "unlimited").ok();
  }

  @ParameterizedTest
  @EnumSource
  void theHostNameChangesAtOnce(SystemKind kind) {
    Guest other = kind.create(host, 952, "old.example.org").started();
    other.vzctl("set", "--hostname", "new.example.org", "--save").ok();
    assertThat(other.text("hostname; cat /etc/hostname; hostname -f").lines())
        .containsOnly("new.example.org");
    assertThat(other.text("getent hosts new | cut -d' ' -f1")).isEqualTo("127.0.1.1");
    assertThat(other.text("grep -c old /etc/hosts || true")).isEqualTo("0");
    other.vzctl("restart", "--wait").ok();
    assertThat(other.text("hostname")).isEqualTo("new.example.org");
    other.destroy();
  }

  @ParameterizedTest
  @EnumSource
  void aPasswordIsSetWhetherItRunsOrNot(SystemKind kind) throws IOException {
    Guest other = kind.create(host, 953, "pw");
    other.vzctl("set", "--userpasswd", "root:stopped 'se\"cret $(id) \\").ok();
    assertThat(other.status()).isEqualTo("stopped");
    assertThat(other.statusLine()).isEqualTo("CTID 953 exist unmounted down");
    other.started();
    assertThat(matches(other, "root", "stopped 'se\"cret $(id) \\")).isTrue();
    other.vzctl("set", "--userpasswd", "root:running-secret").ok();
    assertThat(matches(other, "root", "running-secret")).isTrue();
    assertThat(matches(other, "root", "stopped 'se\"cret $(id) \\")).isFalse();
    other.vzctl("set", "--userpasswd", "alice:wonder:land", "--save").ok();
    assertThat(matches(other, "alice", "wonder:land")).isTrue();
    assertThat(other.text("getent passwd alice | cut -d: -f6; stat -c %U /home/alice").lines())
        .containsExactly("/home/alice", "alice");
    assertThat(Guest.owner(other.delta("root", "etc/shadow"))).isEqualTo(other.firstId());
    for (String secret : new String[] {"stopped 'se", "running-secret", "wonder:land"}) {
      assertThat(mentions(secret)).describedAs("files that hold the password %s", secret).isEmpty();
    }
    other.destroy();
  }

  /** Files of the daemon, its log and database among them, in which a text stands. */
  private java.util.List<Path> mentions(String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(host.configDir().getParent())) {
      return files
          .filter(f -> Files.isRegularFile(f, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .filter(f -> !f.toString().contains("/delta/"))
          .filter(f -> contains(f, wanted))
          .toList();
    }
  }

  private static boolean contains(Path file, byte[] wanted) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return text.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean matches(Guest guest, String user, String password) {
    // Asked over standard input, so that no quoting is in the way; crypt reads every hash Debian
    // makes.
    CommandResult answer =
        guest
            .host()
            .run(
                (password + "\n").getBytes(StandardCharsets.UTF_8),
                java.time.Duration.ofSeconds(20),
                "vzctl",
                "exec3",
                guest.ctid(),
                "perl",
                "-e",
                "chomp(my $p = <STDIN>); my $h = (getpwnam shift)[1]; print crypt($p, $h) eq $h ? 'yes' : 'no'",
                user)
            .ok();
    assertThat(answer.text()).isIn("yes", "no");
    return answer.text().equals("yes");
  }
}
