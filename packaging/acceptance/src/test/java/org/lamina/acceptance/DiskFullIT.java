package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;

/**
 * A disk that is full: clear words, nothing half-made, and all is well when there is room again.
 */
class DiskFullIT {
  private static final String TEMPLATE = "debian-12-sysvinit";

  private static final Duration SOON = Duration.ofSeconds(20);

  private SmallDisk disk;
  private LaminaHost host;

  @BeforeEach
  void startDaemonOnASmallDisk() {
    disk = new SmallDisk(48, 3000);
    host = LaminaHost.start(Map.of("STATE_DIR", disk.path().resolve("state").toString()));
  }

  @AfterEach
  void nothingIsLeft() {
    disk.free();
    try {
      host.close();
    } finally {
      disk.close();
    }
  }

  @Test
  void noRoomForFiles() {
    Guest first = Guest.create(host, 901, TEMPLATE).started();
    disk.fillInodes();
    refusedWithNothingLeft();
    assertThat(first.text("echo still")).isEqualTo("still");
    assertThat(host.run("vzlist", "-H", "-o", "status", "901").ok().text()).isEqualTo("running");
    first.vzctl("stop", "--fast").ok();
    disk.free();
    worksAgain();
  }

  @Test
  void noRoomForBytes() {
    Guest first = Guest.create(host, 901, TEMPLATE, "--description", "before").started();
    disk.fill();
    for (int i = 0; i < 3; i++) {
      refusedWithNothingLeft();
    }
    first.vzctl("set", "--description", "x".repeat(1000), "--save").ok();
    assertThat(host.run("vzlist", "-H", "-o", "status", "901").ok().text()).isEqualTo("running");
    assertThat(first.text("echo still")).isEqualTo("still");
    // Much more than fits between a writer and a reader that has gone.
    first.sh("yes tick | head -c 300000 >/dev/console").ok();
    first.vzctl("stop", "--fast").ok();
    first.vzctl("start", "--wait").ok();
    disk.free();
    first.sh("yes | head -c 2000 >/dev/console; echo back >/dev/console").ok();
    Path log = first.privateArea().resolve("console.log");
    Guest.await("the console is logged again", SOON, () -> read(log).contains("back"));
    first.vzctl("stop", "--fast").ok();
    worksAgain();
    host.restart();
    assertThat(Leaks.listed(host)).containsOnlyKeys("901");
    Leaks.none(host, "after the disk was full and the daemon restarted");
  }

  @Test
  void theDaemonIsKilledOnAFullDisk() {
    Guest first = Guest.create(host, 901, TEMPLATE).started();
    disk.fill();
    refusedWithNothingLeft();
    host.kill9();
    disk.free();
    host.startDaemon();
    assertThat(first.text("echo still")).isEqualTo("still");
    worksAgain();
  }

  @Test
  void aBuildThatDoesNotFitLeavesNothing() {
    try (SmallDisk small = new SmallDisk(60, 20_000)) {
      String state = small.path().resolve("state").toString();
      Map<String, String> settings = Map.of("STATE_DIR", state, "TEMPLATE", "");
      try (LaminaHost own = LaminaHost.start(settings)) {
        TemplateRemains.defineTiny(own);
        own.restart();
        CommandResult build =
            own.run(new byte[0], Duration.ofMinutes(2), "vzpkg", "create", "cache", "tiny");
        build.ended(ExitCode.DISK_FULL);
        assertThat(build.stderr()).contains("No space left on device");
        assertThat(TemplateRemains.of(own.stateDir().resolve("template"))).isEmpty();
        assertThat(own.run("vzpkg", "info", "tiny", "built").ok().text()).isEqualTo("no");
      }
    }
  }

  @Test
  void containersAreDestroyedToMakeRoom() {
    Guest first = Guest.create(host, 901, TEMPLATE).started();
    first.sh("head -c 9000000 /dev/urandom >/root/big").ok();
    disk.fill();
    refusedWithNothingLeft();
    first.vzctl("stop").ok();
    first.vzctl("destroy").ok();
    Guest.create(host, 901, TEMPLATE);
    Leaks.none(host, "after a container was destroyed on a full disk");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void refusedWithNothingLeft() {
    CommandResult create = host.run("vzctl", "create", "902", "--ostemplate", TEMPLATE);
    create.ended(ExitCode.DISK_FULL);
    assertThat(create.stderr()).contains("No space left on device", "Free space");
    assertThat(Leaks.listed(host)).containsOnlyKeys("901");
    Leaks.none(host, "after a create on a full disk");
  }

  private void worksAgain() {
    Guest again = Guest.create(host, 902, TEMPLATE).started();
    assertThat(again.text("cat /proc/1/comm")).isEqualTo("init");
    again.vzctl("set", "--description", "after", "--save").ok();
    again.destroy();
    Leaks.none(host, "after there was room again");
  }
}
