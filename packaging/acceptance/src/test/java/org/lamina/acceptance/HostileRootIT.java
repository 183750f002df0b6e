package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/**
 * A root file system prepared by its owner so that the daemon, which works in it with all rights,
 * might touch the host: every path the daemon uses becomes a link, a fifo or a file.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRootIT {
  private static final Duration QUICK = Duration.ofSeconds(30);
  private LaminaHost host;
  private Guest guest;
  private Path bait;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void create() throws IOException {
    guest = Guest.create(host, 995, "debian-12", "--hostname", "web1");
    bait = Files.createDirectories(host.configDir().resolve("bait"));
    for (String name : new String[] {"hostname", "hosts", "pts", "file"}) {
      Files.writeString(bait.resolve(name), "of the host\n");
    }
  }

  @AfterEach
  void theHostIsUntouched() throws IOException {
    guest.destroy();
    try (var files = Files.list(bait)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("hostname", "hosts", "pts", "file");
    }
    for (String name : new String[] {"hostname", "hosts", "pts", "file"}) {
      assertThat(bait.resolve(name)).content().isEqualTo("of the host\n");
      assertThat(Guest.owner(bait.resolve(name))).isZero();
    }
    assertThat(Guest.owner(bait)).isZero();
  }

  /** Replaces things in the stopped container's root; B is the bait's directory. */
  private void prepare(String script) {
    guest.vzctl("mount").ok();
    guest.edit("B=" + bait + "\n" + script, "");
    guest.vzctl("umount").ok();
  }

  /** Starts it, or is told clearly why not; never hangs, never an internal error. */
  private boolean startOrRefuse() {
    RunningCommand start = guest.begin("start");
    CommandResult result = start.finish(QUICK);
    assertThat(result.stderr()).doesNotContain("internal error", "Exception");
    if (result.exit() == 0) {
      return true;
    }
    result.ended(ExitCode.BROKEN_TEMPLATE);
    assertThat(result.stderr()).contains("inside the container").contains("ount the container");
    assertThat(guest.statusLine()).isEqualTo("CTID 995 exist unmounted down");
    return false;
  }

  @ParameterizedTest
  @ValueSource(strings = {"hostname", "hosts"})
  void filesTheDaemonWritesAreLinks(String name) throws IOException {
    prepare("rm -f etc/" + name + "; ln -s $B/" + name + " etc/" + name);
    assertThat(startOrRefuse()).isTrue();
    guest.vzctl("set", "--hostname", "other").ok();
    assertThat(guest.text("hostname; test -L /etc/" + name + " || echo plain").lines())
        .containsExactly("other", "plain");
    // The same while it runs, with a fifo and a directory in the place.
    guest.sh("rm -f /etc/" + name + "; mkfifo /etc/" + name).ok();
    assertThat(guest.begin("set", "--hostname", "third").finish(QUICK).ok().stderr())
        .doesNotContain("internal error");
    guest.sh("mkdir -p /etc/." + name + ".lamina/x").ok();
    assertThat(guest.begin("set", "--hostname", "again").finish(QUICK).ok().stderr())
        .doesNotContain("internal error");
    guest
        .sh(
            "rm -rf /etc/."
                + name
                + ".lamina; rm -f /etc/"
                + name
                + "; mkdir /etc/"
                + name
                + "; touch /etc/"
                + name
                + "/x")
        .ok();
    CommandResult blocked = guest.begin("set", "--hostname", "fourth").finish(QUICK);
    assertThat(blocked.stderr()).doesNotContain("internal error", "Exception");
    assertThat(Files.isDirectory(guest.delta("root", "etc/" + name), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
  }

  @Test
  void etcItselfIsALink() {
    prepare("rm -rf etc; ln -s $B etc");
    startOrRefuse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys", "dev", "run"})
  void mountPointsAreLinks(String name) {
    prepare("rm -rf " + name + "; ln -s $B " + name);
    assertThat(startOrRefuse()).isFalse();
  }

  /** As root inside can do it by unmounting it first. */
  @Test
  void usrIsALink() throws IOException {
    Files.createSymbolicLink(guest.delta("root", "usr"), bait);
    assertThat(startOrRefuse()).isFalse();
    assertThat(guest.vzctl("mount").exit()).isNotZero();
    assertThat(guest.statusLine()).isEqualTo("CTID 995 exist unmounted down");
    Files.delete(guest.delta("root", "usr"));
    assertThat(startOrRefuse()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys", "dev", "run"})
  void mountPointsAreFilesOrFifos(String name) {
    prepare("rm -rf " + name + "; mkfifo " + name);
    assertThat(startOrRefuse()).isFalse();
    prepare("rm -rf " + name + "; echo x > " + name);
    assertThat(startOrRefuse()).isFalse();
    prepare("rm -rf " + name);
    assertThat(startOrRefuse()).isTrue();
  }

  @Test
  void initLeadsOutOfTheContainer() throws IOException {
    Files.setPosixFilePermissions(
        bait.resolve("file"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    prepare("rm -f usr/sbin/init usr/lib/systemd/systemd; ln -s $B/file usr/sbin/init");
    guest.vzctl("start").ended(ExitCode.BROKEN_TEMPLATE);
    prepare("rm -f usr/sbin/init; ln -s ../../../../../../../..$B/file usr/sbin/init");
    guest.vzctl("start").ended(ExitCode.BROKEN_TEMPLATE);
    prepare("rm -f usr/sbin/init; mkfifo usr/sbin/init; chmod 755 usr/sbin/init");
    guest.begin("start").finish(QUICK).ended(ExitCode.BROKEN_TEMPLATE);
    prepare("rm -f usr/sbin/init; ln -s init usr/sbin/init");
    guest.vzctl("start").ended(ExitCode.BROKEN_TEMPLATE);
  }

  @Test
  void terminalsAreNotOpenedThroughLinks() {
    guest.started();
    guest.sh("umount -l /dev/pts; rmdir /dev/pts; ln -s " + bait + " /dev/pts").ok();
    try (Terminal terminal = new Terminal(host, 24, 80)) {
      terminal.ask("vzctl enter 995", "/dev/pts inside the container is not a devpts");
      terminal.await("host:3> ");
      guest.sh("rm /dev/pts; mkdir /dev/pts; mkfifo /dev/pts/ptmx").ok();
      terminal.ask("vzctl enter 995", "is not a devpts").await("host:3> ");
      guest.sh("rm /dev/pts/ptmx; ln -s /proc/1/fd/0 /dev/pts/ptmx").ok();
      terminal.ask("vzctl enter 995", "host:3> ");
    }
    assertThat(guest.text("echo exec still works")).isEqualTo("exec still works");
  }

  @Test
  void theShellMayBeAnything() {
    guest.started();
    guest.sh("cp /bin/sh /bin/keep; rm -f /bin/sh /bin/bash; ln -s " + bait + "/file /bin/sh").ok();
    guest.begin("exec2", "true").finish(QUICK).ended(ExitCode.BROKEN_TEMPLATE);
    guest.vzctl("exec3", "/bin/keep", "-c", "rm /bin/sh; mkfifo /bin/sh").ok();
    guest.begin("exec2", "true").finish(QUICK).ended(ExitCode.BROKEN_TEMPLATE);
    assertThat(guest.begin("stop").finish(QUICK).exit()).isZero();
  }

  @Test
  void theMountForTheHostObeysNoSetuidAndNoDevices() {
    guest.started();
    guest.sh("install -m 4755 /bin/id /root/suid").ok();
    guest.vzctl("stop").ok();
    guest.vzctl("mount").ok();
    assertThat(mountOptions())
        .isNotEmpty()
        .allMatch(o -> o.contains("nosuid") && o.contains("nodev"));
    guest.vzctl("umount").ok();
    assertThat(mountOptions()).isEmpty();
  }

  private java.util.List<String> mountOptions() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> line.split(" "))
          .filter(fields -> fields[4].startsWith(guest.root().toString()))
          .map(fields -> fields[5])
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
