package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What root inside tries against the host, with and without a user namespace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private LaminaHost host;
  private Guest guest;
  private Guest privileged;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 991, "debian-12").started();
    privileged = Guest.create(host, 992, "debian-12", "--privileged").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private Guest of(String kind) {
    return kind.equals("privileged") ? privileged : guest;
  }

  @Test
  void aSetuidProgramInTheDeltaIsNobodysOnTheHost() throws IOException {
    guest.sh("install -m 4755 /bin/id /root/suid").ok();
    Path onDisk = guest.delta("root", "root/suid");
    assertThat(Guest.owner(onDisk)).isEqualTo(guest.firstId());
    String mode = Files.getAttribute(onDisk, "unix:mode").toString();
    assertThat(Integer.parseInt(mode) & 04000).isEqualTo(04000);
    Path copy = host.configDir().resolve("suid");
    CommandResult run =
        RunningCommand.start(List.of("cp", "-p", onDisk.toString(), copy.toString()), Map.of())
            .finish(SOON)
            .ok();
    assertThat(run.stderr()).isEmpty();
    CommandResult asNobody =
        RunningCommand.start(
                List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--regid=nogroup",
                    "--clear-groups",
                    copy.toString(),
                    "-u"),
                Map.of())
            .finish(SOON);
    assertThat(asNobody.text()).isNotEqualTo("0").isNotEqualTo("root");
    // Nor may others of the host reach it where it lies.
    CommandResult reach =
        RunningCommand.start(
                List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--regid=nogroup",
                    "--clear-groups",
                    "env", // setpriv itself still has the rights to get there
                    onDisk.toString(),
                    "-u"),
                Map.of())
            .finish(SOON);
    assertThat(reach.exit()).isNotZero();
  }

  @Test
  void deviceNodesAreRefusedInAUserNamespace() {
    assertThat(guest.sh("mknod /root/d b 254 0").ended(1).stderr()).contains("not permitted");
    assertThat(guest.sh("mknod /root/d c 1 1").ended(1).stderr()).contains("not permitted");
    guest.sh("mknod /root/p p").ok();
  }

  @Test
  void nodesOfHostDevicesCannotBeOpened() throws IOException {
    String disks = privileged.text("cat /proc/partitions | awk 'NR > 2 { print $1, $2 }'");
    for (String disk : disks.lines().limit(5).toList()) {
      assertThat(
              privileged
                  .sh("mknod /root/d b " + disk + " && head -c 1 /root/d | wc -c; rm -f /root/d")
                  .stdout()
                  .strip())
          .describedAs("bytes of disk %s", disk)
          .isEqualTo("0");
    }
    for (String node :
        new String[] {
          "1 1", "1 2", "1 4", "1 11", "4 0", "4 64", "5 1", "10 200", "10 229", "10 237"
        }) {
      CommandResult open =
          privileged.sh(
              "mknod /root/d c "
                  + node
                  + "; perl -e 'sysopen(my $f, \"/root/d\", 2048) or exit 9 + ($! == 1)';"
                  + " echo $?; rm -f /root/d");
      assertThat(open.text()).describedAs("open of character device %s", node).isEqualTo("10");
    }
    assertThat(privileged.text("mknod /root/n c 1 3; echo x > /root/n; echo works"))
        .isEqualTo("works");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "privileged"})
  void theHostsSettingsCannotBeWritten(String kind) throws IOException {
    Path pattern = Path.of("/proc/sys/kernel/core_pattern");
    String before = Files.readString(pattern);
    Guest inside = of(kind);
    inside.sh("echo '|/tmp/evil' > /proc/sys/kernel/core_pattern");
    inside.sh("mount -o remount,rw /proc/sys; echo '|/tmp/evil' > /proc/sys/kernel/core_pattern");
    inside.sh("umount /proc/sys; echo '|/tmp/evil' > /proc/sys/kernel/core_pattern");
    inside.sh(
        "mount -t proc proc /mnt; echo '|/tmp/evil' > /mnt/sys/kernel/core_pattern; umount /mnt");
    inside.sh(
        "unshare -m -p -f --mount-proc sh -c 'echo \"|/tmp/evil\" > /proc/sys/kernel/core_pattern'");
    assertThat(Files.readString(pattern)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "privileged"})
  void noDirectoryOrDescriptorOfTheHostIsReachable(String kind) {
    Guest inside = of(kind);
    assertThat(inside.text("readlink /proc/1/cwd /proc/1/root").lines()).containsOnly("/");
    assertThat(
            inside.text(
                "for p in /proc/[0-9]*; do ls -d $p/cwd/var/tmp/lamina* $p/root/"
                    + host.stateDir()
                    + " 2>/dev/null; done; true"))
        .isEmpty();
    assertThat(inside.text("for f in /proc/1/fd/*; do readlink $f; done").lines())
        .allMatch(target ->
            target.matches(
                "(/dev/(null|console|pts/[0-9]+)|/proc/.*|/sys/fs/cgroup.*|/run/.*|socket:.*|pipe:.*|anon_inode:.*|/)"));
    assertThat(inside.sh("cd /proc/1/cwd/.. && cd ../../../.. && pwd -P").text()).isEqualTo("/");
    assertThat(inside.sh("test -e /.lamina -o -e /proc/1/root/../" + host.runDir()).exit())
        .isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "privileged"})
  void theHostSeesNoSignalsAndNoNamesFromInside(String kind) throws IOException {
    Guest inside = of(kind);
    assertThat(inside.sh("kill -0 " + ProcessHandle.current().pid()).exit()).isNotZero();
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    inside.sh("hostname pwned");
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    assertThat(inside.sh("date -s 2001-01-01").exit()).isNotZero();
    inside.sh("chroot /proc/1/root kill -9 -1 & sleep 1; true").exit();
    assertThat(ProcessHandle.of(host.daemonPid()).orElseThrow().isAlive()).isTrue();
    inside.vzctl("restart", "--wait").ok();
  }

  @Test
  void theNotificationSocketBelievesNobodyButInit() {
    Guest third = Guest.create(host, 993, "debian-12");
    third.vzctl("mount").ok();
    third.edit(
        "rm -f usr/sbin/init; cat > usr/sbin/init; chmod 755 usr/sbin/init",
        """
        #!/bin/sh
        perl -e 'socket(my $s, 1, 2, 0); connect($s, pack("S a* x", 1, "/run/host/notify")) or die; \
        syswrite $s, "READY=1"; syswrite $s, "X" x 65536' &
        sleep 30
        """);
    third.vzctl("umount").ok();
    third.vzctl("start", "--wait", "--timeout", "3").ended(133);
    assertThat(third.text("echo runs")).isEqualTo("runs");
    third.destroy();
  }

  @Test
  void whatTheInsidePrintsCannotHarmTheLog() throws IOException {
    guest.sh("printf '%b' 'READY=1\\n\\033[2J\\0%s%n' > /dev/console").ok();
    assertThat(
            Files.readString(
                guest.privateArea().resolve("console.log"), StandardCharsets.ISO_8859_1))
        .contains("%s%n");
    assertThat(guest.vzctl("exec", "true").ok().took()).isLessThan(Duration.ofSeconds(10));
  }
}
