package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;

/** Containers fill their disks, in each layout that this kernel can hold, and hurt nobody else. */
class DiskLimitIT {
  private static final String TEMPLATE = "debian-12";

  /** MiB that got into a file of the container before its disk was full. */
  private static long fill(Guest guest, String file, int megabytes) {
    String script =
        "export LC_ALL=C; head -c %dM /dev/zero | tr '\\0' x >/root/%s; stat -c %%s /root/%2$s"
            .formatted(megabytes, file);
    CommandResult result = guest.sh(script);
    long written = Long.parseLong(result.ok().text()) >> 20;
    if (written < megabytes) {
      assertThat(result.stderr()).containsAnyOf("No space left on device", "quota exceeded");
    }
    return written;
  }

  private static String listed(LaminaHost host, Guest guest, String field) {
    return host.run("vzlist", "-a", "-H", "-o", field, guest.ctid()).ok().text();
  }

  /** Size of the root file system in MiB as the inside sees it. */
  private static long size(Guest guest) {
    return Long.parseLong(guest.text("df -k / | awk 'NR == 2 { print $2 }'")) >> 10;
  }

  /** Loop devices on files below a directory. */
  private static List<String> loops(Path directory) {
    try (Stream<Path> all = Files.list(Path.of("/sys/block"))) {
      return all.map(one -> one.resolve("loop/backing_file"))
          .filter(Files::exists)
          .map(DiskLimitIT::read)
          .filter(file -> file.startsWith(directory.toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // Gone since it was listed.
    }
  }

  static void noLoops(LaminaHost host) {
    Guest.await(
        "no loop device is left",
        java.time.Duration.ofSeconds(10),
        () -> loops(host.stateDir()).isEmpty());
  }

  /** Live, unless this host denies its root CAP_SYS_RESOURCE: then it is told so, and at rest. */
  private static void enlarge(Guest guest, String size) {
    CommandResult live = guest.vzctl("set", "--diskspace", size, "--save");
    if (live.exit() == 0) {
      return;
    }
    assertThat(live.ended(ExitCode.DISK_LIMIT_FAILED).stderr()).contains("CAP_SYS_RESOURCE");
    assertThat((capabilities() >> 24) & 1).as("CAP_SYS_RESOURCE of this host's root").isZero();
    assertThat(guest.conf("DISKSPACE")).isEqualTo("65536:65536");
    guest.vzctl("stop").ok();
    guest.vzctl("set", "--diskspace", size, "--save").ok();
    guest.started();
  }

  private static long capabilities() {
    return read(Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .mapToLong(line -> Long.parseLong(line.substring(7).strip(), 16))
        .sum();
  }

  @Test
  void anImageHoldsItsContainer_growsLive_andShrinksAtRest() throws IOException {
    try (LaminaHost host = LaminaHost.start(Map.of("VE_LAYOUT", "image"))) {
      Guest guest = Guest.create(host, 981, TEMPLATE, "--diskspace", "64M").started();
      Guest neighbour = Guest.create(host, 982, TEMPLATE).started();
      assertThat(listed(host, guest, "layout")).isEqualTo("image");
      assertThat(listed(host, neighbour, "layout")).isEqualTo("dir");
      assertThat(guest.conf("DISKSPACE")).isEqualTo("65536:65536");
      assertThat(size(guest)).isBetween(40L, 64L);
      assertThat(fill(guest, "big", 100)).isBetween(30L, 64L);
      assertThat(guest.sh("echo x >/usr/local/x").exit())
          .as("/usr is on the same disk")
          .isNotZero();
      assertThat(fill(neighbour, "big", 100)).isEqualTo(100);

      guest.vzctl("set", "--diskspace", "160M").ended(ExitCode.USAGE);
      enlarge(guest, "160M");
      assertThat(size(guest)).isBetween(120L, 160L);
      assertThat(fill(guest, "more", 60)).isEqualTo(60);
      assertThat(Long.parseLong(listed(host, guest, "diskspace"))).isBetween(90_000L, 163_840L);
      guest.vzctl("set", "--diskspace", "140M", "--save").ended(ExitCode.ALREADY_RUNNING);
      guest.vzctl("set", "--diskinodes", "1000", "--save").ended(ExitCode.NO_KERNEL_SUPPORT);
      guest.vzctl("set", "--diskspace", "unlimited", "--save").ended(ExitCode.BAD_PARAMETER);
      assertThat(listed(host, guest, "diskspace.h")).isEqualTo("163840");

      host.kill9();
      host.startDaemon();
      guest.sh("rm /root/big; echo kept >/root/small; sync").ok();
      guest.vzctl("stop").ok();
      noLoops(host);
      assertThat(Long.parseLong(listed(host, guest, "diskspace"))).isBetween(60_000L, 80_000L);
      guest.vzctl("set", "--diskspace", "40M", "--save").ended(ExitCode.DISK_LIMIT_FAILED);
      guest.vzctl("set", "--diskspace", "96M", "--save").ok();
      assertThat(Files.size(guest.privateArea().resolve("delta.img"))).isEqualTo(96L << 20);

      Path moved = host.stateDir().resolve("moved");
      guest.vzctl("unregister").ok();
      Files.move(guest.privateArea(), moved);
      host.run("vzctl", "register", moved.toString(), "983").ok();
      Guest again = new Guest(host, "983").started();
      assertThat(again.text("cat /root/small; stat -c %s /root/more").lines())
          .containsExactly("kept", Integer.toString(60 << 20));
      assertThat(size(again)).isBetween(70L, 96L);
      again.vzctl("stop", "--fast").ok();
      again.vzctl("mount").ok();
      assertThat(again.root().resolve("root/small")).hasContent("kept\n");
      again.vzctl("umount").ok();
      noLoops(host);
      again.vzctl("destroy").ok();
      noLoops(host);
    }
  }

  @Test
  void aFullContainerStarts_andCanBeEmptied() {
    try (LaminaHost host = LaminaHost.start(Map.of("VE_LAYOUT", "image"))) {
      emptied(Guest.create(host, 771, TEMPLATE, "--diskspace", "64M").started());
    }
    try (SmallDisk disk = SmallDisk.btrfs(1500)) {
      String state = disk.path().resolve("state").toString();
      try (LaminaHost host = LaminaHost.start(Map.of("STATE_DIR", state))) {
        emptied(Guest.create(host, 772, TEMPLATE, "--diskspace", "64M").started());
      }
    }
  }

  /** To the last file, again and again. */
  private static void emptied(Guest guest) {
    for (int round = 0; round < 3; round++) {
      guest
          .sh(
              """
              exec 2>/dev/null
              head -c 100M /dev/zero | tr '\\0' x >/root/big%1$d
              i=0; while echo x >/root/f%1$d.$i && [ $i -lt 3000 ]; do i=$((i+1)); done
              sync -f /root; :\
              """
                  .formatted(round))
          .ok();
      guest.vzctl("restart", "--fast", "--wait").ok();
      assertThat(guest.text("cat /proc/mounts | grep -E '^\\S+ (/|/usr) '").lines())
          .as("round " + round)
          .hasSize(2)
          .allMatch(line -> line.split(" ")[3].startsWith("rw"));
    }
    guest.vzctl("stop", "--fast").ok();
    guest.vzctl("set", "--hostname", "full", "--nameserver", "192.0.2.53", "--save").ok();
    guest.started();
    assertThat(guest.sh("head -c 4M /dev/zero >/root/more").exit()).as("still full").isNotZero();
    assertThat(guest.text("hostname; cat /etc/resolv.conf")).contains("full", "192.0.2.53");
    guest.sh("rm -f /root/big* /root/f* /root/more; sync -f /root").ok();
    assertThat(fill(guest, "again", 20)).isEqualTo(20);
  }

  @Test
  void plainFilesMoveIntoAnImageAtRest() throws IOException {
    try (LaminaHost host = LaminaHost.start(Map.of("VE_LAYOUT", "image"))) {
      Guest guest = Guest.create(host, 984, TEMPLATE).started();
      guest.sh("echo kept >/root/a; ln /root/a /root/b; rm /etc/issue; mkdir -m 1777 /srv/t").ok();
      String before = guest.text("stat -c '%a %U %h' /root/a /srv/t; ls /etc | md5sum");
      String conf = Files.readString(guest.privateArea().resolve("ve.conf"));
      CommandResult refused = guest.vzctl("set", "--diskspace", "64M", "--save");
      assertThat(refused.ended(ExitCode.ALREADY_RUNNING).stderr()).contains("Stop it");
      assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(conf);
      guest.vzctl("stop", "--fast").ok();
      guest.vzctl("set", "--diskspace", "64M:80M", "--save").ok();
      assertThat(listed(host, guest, "layout,diskspace.s,diskspace.h"))
          .matches("image +65536 +81920");
      guest.started();
      assertThat(guest.text("stat -c '%a %U %h' /root/a /srv/t; ls /etc | md5sum"))
          .isEqualTo(before);
      assertThat(fill(guest, "big", 100)).isLessThan(80);
      try (Stream<Path> entries = Files.list(guest.privateArea())) {
        assertThat(entries.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("delta")))
            .containsExactlyInAnyOrder("delta", "delta.img");
      }
      guest.destroy();
      noLoops(host);
    }
  }

  @Test
  void aSubvolumeIsLimitedLiveBothWays() {
    try (SmallDisk disk = SmallDisk.btrfs(2000)) {
      String state = disk.path().resolve("state").toString();
      try (LaminaHost host = LaminaHost.start(Map.of("STATE_DIR", state))) {
        Guest guest = Guest.create(host, 985, TEMPLATE, "--diskspace", "64M").started();
        Guest neighbour = Guest.create(host, 980, TEMPLATE).started();
        assertThat(listed(host, guest, "layout")).isEqualTo("btrfs");
        assertThat(fill(guest, "big", 100)).isBetween(30L, 64L);
        assertThat(fill(neighbour, "big", 100)).isEqualTo(100);
        guest.vzctl("set", "--diskspace", "128M", "--save").ok();
        assertThat(fill(guest, "more", 40)).isEqualTo(40);
        guest.sh("rm /root/big /root/more; sync -f /root").ok();
        guest.vzctl("set", "--diskspace", "48M", "--save").ok();
        assertThat(fill(guest, "again", 60)).isLessThan(48);
        // On a disk without any room overlayfs mounts what is started read-only.
        guest.sh("rm /root/again").ok();
        guest.vzctl("restart", "--wait").ok();
        assertThat(fill(guest, "again", 60)).isLessThan(48);
        guest.vzctl("set", "--diskspace", "unlimited", "--save").ok();
        assertThat(fill(guest, "again", 60)).isEqualTo(60);
        neighbour.vzctl("set", "--diskspace", "150M", "--save").ok();
        guest.destroy();
        assertThat(guest.privateArea()).doesNotExist();
      }
    }
  }

  /** A status of the template looks at the files of those at rest. */
  @Test
  void anImageThatWasLookedAt_isAtRestAgain() {
    try (LaminaHost host = LaminaHost.start(Map.of("VE_LAYOUT", "image"))) {
      Guest guest = Guest.create(host, 773, TEMPLATE, "--diskspace", "64M");
      assertThat(host.run("vzpkg", "status", TEMPLATE).ok().text()).contains("773");
      Leaks.none(host, "after the template's status");
      noLoops(host);
      guest.vzctl("destroy").ok();
    }
  }

  @Test
  void whereNothingCanHoldALimitItIsRefused() {
    try (LaminaHost host = LaminaHost.start(Map.of("VE_LAYOUT", "dir"))) {
      host.ensureTemplate(TEMPLATE);
      CommandResult refused =
          host.run("vzctl", "create", "979", "--ostemplate", TEMPLATE, "--diskspace", "1G");
      assertThat(refused.ended(ExitCode.NO_KERNEL_SUPPORT).stderr())
          .contains("VE_LAYOUT in lamina.conf says so");
      Leaks.none(host, "after a create that was refused");
    }
  }
}
