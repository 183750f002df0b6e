package org.lamina.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/** Each layout on a file system made for it, filled, resized and interrupted. */
class DisksIT {
  private static final long MIB = 1 << 20;
  private static final IdRange IDS = new IdRange(65_536 * 100);

  private Path base;
  private Path host;
  private Path area;

  @BeforeEach
  void makeDirectories() throws IOException {
    base = Files.createTempDirectory(Path.of("/var/tmp"), "lamina-disks-");
    host = Files.createDirectory(base.resolve("host"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Image.unmountBelow(Kernel.linux(), base);
    HostTools.run(0, "rm", "-rf", "--one-file-system", base.toString());
    for (int i = 0; i < 50 && devices() > 0; i++) {
      HostTools.run(0, "sleep", "0.05");
    }
    assertThat(devices()).as("loop devices on files of this test").isZero();
  }

  private long devices() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> loops = Files.list(Path.of("/sys/block"))) {
      loops.map(one -> one.resolve("loop/backing_file")).filter(Files::exists).forEach(all::add);
    }
    long count = 0;
    for (Path one : all) {
      try {
        count += Files.readString(one).startsWith(base.toString()) ? 1 : 0;
      } catch (IOException e) {
        // Gone meanwhile.
      }
    }
    return count;
  }

  /** A file system in a file, mounted where areas go. */
  private void mount(int megabytes, String options, String... mkfs) throws IOException {
    Path file = base.resolve("fs");
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(megabytes * MIB);
    }
    List<String> words = new ArrayList<>(List.of(mkfs));
    words.add(file.toString());
    HostTools.run(0, words.removeFirst(), words.toArray(String[]::new));
    HostTools.run(0, "mount", "-o", "loop" + options, file.toString(), host.toString());
  }

  private Disks disks(DiskLayout configured) throws IOException {
    area = Files.createDirectories(host.resolve("101"));
    return new Disks(Kernel.linux(), configured);
  }

  private static DiskLimits space(long mib) {
    return DiskLimits.of(new DiskLimits.Pair(mib * MIB, mib * MIB), null, null);
  }

  private Path delta(String name) {
    return area.resolve("delta").resolve(name);
  }

  /** How many MiB could be written, at most that many. */
  private long fill(String name, int most) throws IOException {
    byte[] block = new byte[(int) MIB];
    new java.util.Random(7).nextBytes(block);
    long done = 0;
    try (OutputStream out = Files.newOutputStream(delta(name))) {
      for (; done < most; done++) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).matches(".*(No space left on device|[Qq]uota exceeded).*");
    }
    HostTools.run(0, "sync", "-f", delta("").toString());
    return done;
  }

  /** The kernel wants CAP_SYS_RESOURCE for it, which root has unless this host takes it away. */
  private static boolean mayResizeMounted() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("CapEff:"))
        .anyMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) >> 24 & 1) == 1);
  }

  @Test
  void anImageIsFilledGrownShrunkAndForgotten() throws IOException {
    Disks disks = disks(DiskLayout.IMAGE);
    disks.create(area, space(64), IDS);
    assertThat(disks.layout(area)).isEqualTo(DiskLayout.IMAGE);
    assertThat(fill("big", 200)).isBetween(40L, 64L);
    DiskUsage full = disks.usage(area).orElseThrow();
    assertThat(full.spaceLimit()).isEqualTo(64 * MIB);
    assertThat(full.space()).isGreaterThan(40 * MIB);

    if (mayResizeMounted()) {
      disks.hold(area, space(128), IDS, true, text -> {});
    } else {
      assertThatThrownBy(() -> disks.hold(area, space(128), IDS, true, text -> {}))
          .hasMessageContaining("cannot enlarge the image in use");
      assertThat(Files.size(area.resolve("delta.img"))).isEqualTo(64 * MIB);
      disks.detach(area);
      disks.hold(area, space(128), IDS, false, text -> {});
      disks.attach(area);
    }
    assertThat(fill("more", 40)).as("after it was enlarged").isEqualTo(40);
    assertThatThrownBy(() -> disks.hold(area, space(32), IDS, true, text -> {}))
        .isInstanceOf(LaminaException.class);
    Files.delete(delta("big"));
    Files.writeString(delta("small"), "kept");
    disks.detach(area);
    assertThat(Files.exists(delta("small"))).isFalse();
    assertThat(disks.usage(area).orElseThrow().space())
        .as("unmounted")
        .isBetween(39 * MIB, 50 * MIB);

    disks.hold(area, space(96), IDS, false, text -> {});
    assertThat(Files.size(area.resolve("delta.img"))).isEqualTo(96 * MIB);
    disks.attach(area);
    assertThat(delta("small")).hasContent("kept");
    assertThat(Files.size(delta("more"))).isEqualTo(40 * MIB);
    disks.detach(area);
    assertThatThrownBy(() -> disks.hold(area, space(34), IDS, false, text -> {}))
        .isInstanceOf(LaminaException.class);
    assertThat(area.resolve("delta.img.new")).doesNotExist();
    disks.attach(area);
    disks.discard(area);
    assertThat(delta("small")).doesNotExist();
  }

  @Test
  void aPlainDirectoryBecomesAnImage_whateverInterruptsIt() throws IOException {
    Disks disks = disks(null);
    disks.create(area, DiskLimits.NONE, IDS);
    DiskLayout chosen = disks.choice(host).layout();
    Disks images = new Disks(Kernel.linux(), DiskLayout.IMAGE);
    if (chosen == DiskLayout.IMAGE) {
      assertThat(disks.layout(area)).isEqualTo(DiskLayout.DIR);
    }
    Path upper = Files.createDirectories(delta("root/upper"));
    Files.writeString(upper.resolve("file"), "text");
    Files.createLink(upper.resolve("link"), upper.resolve("file"));
    HostTools.run(0, "mknod", upper.resolve("whiteout").toString(), "c", "0", "0");
    Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createDirectories(area.resolve("mnt/data"));

    // Killed while the copy was made.
    Files.createDirectory(area.resolve("delta.new"));
    Files.writeString(area.resolve("delta.img.new"), "half");
    images.settle(area);
    assertThat(area.resolve("delta.new")).doesNotExist();
    assertThat(upper.resolve("file")).hasContent("text");

    images.hold(area, space(64), IDS, false, text -> {});
    assertThat(images.layout(area)).isEqualTo(DiskLayout.IMAGE);
    assertThat(upper.resolve("file")).hasContent("text");
    assertThat(Files.getAttribute(upper.resolve("link"), "unix:nlink")).isEqualTo(2);
    assertThat(Files.getAttribute(upper.resolve("whiteout"), "unix:rdev")).isEqualTo(0L);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(upper)))
        .isEqualTo("rwxr-x--x");
    assertThat(delta("mnt/data")).isDirectory();
    try (Stream<Path> entries = Files.list(area)) {
      assertThat(entries.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("delta", "delta.img");
    }

    // Killed between the rename that counts and the removal of the old files.
    images.detach(area);
    Files.createDirectories(delta("root/upper"));
    Files.writeString(delta("root/upper/file"), "old");
    images.attach(area);
    assertThat(upper.resolve("file")).hasContent("text");
    images.detach(area);
    images.settle(area);
    assertThat(area.resolve("delta.old")).doesNotExist();

    // Killed while it grew: the file is longer, the file system is not.
    Files.createFile(area.resolve("delta.growing"));
    try (RandomAccessFile file = new RandomAccessFile(area.resolve("delta.img").toFile(), "rw")) {
      file.setLength(160 * MIB);
    }
    images.settle(area);
    assertThat(Files.size(area.resolve("delta.img"))).isEqualTo(64 * MIB);
    images.hold(area, space(160), IDS, false, text -> {});
    images.attach(area);
    assertThat(fill("big", 100)).isEqualTo(100);
    images.discard(area);
  }

  @Test
  void aSubvolumeIsLimitedBothWaysWhileItIsWritten() throws IOException {
    mount(400, "", "mkfs.btrfs", "-q");
    Disks disks = disks(null);
    assertThat(disks.choice(host).layout()).isEqualTo(DiskLayout.BTRFS);
    disks.create(area, space(64), IDS);
    assertThat(disks.layout(area)).isEqualTo(DiskLayout.BTRFS);
    assertThat(fill("big", 200)).isBetween(50L, 64L);
    assertThat(disks.usage(area).orElseThrow().spaceLimit()).isEqualTo(64 * MIB);
    assertThat(disks.usage(area).orElseThrow().space()).isGreaterThan(50 * MIB);
    disks.hold(area, space(128), IDS, true, text -> {});
    assertThat(fill("more", 40)).isEqualTo(40);
    Files.delete(delta("big"));
    HostTools.run(0, "sync", "-f", host.toString());
    disks.hold(area, space(48), IDS, true, text -> {});
    assertThat(fill("again", 30)).isLessThan(10);
    disks.hold(area, space(1L << 30), IDS, true, text -> {});
    disks.discard(area);
    assertThat(area.resolve("delta")).doesNotExist();
  }

  /**
   * On a kernel that was built without project quotas the choice falls on an image, and the reason
   * is told when the layout is insisted on.
   */
  @Test
  void aProjectIsLimitedBothWaysWhileItIsWritten() throws IOException {
    boolean able = true;
    try {
      mount(
          300,
          ",prjquota",
          "mkfs.ext4",
          "-q",
          "-F",
          "-O",
          "project,quota",
          "-E",
          "quotatype=prjquota");
    } catch (LaminaException e) {
      able = false;
    }
    Disks disks = disks(null);
    if (!able) {
      assertThat(disks.choice(host).layout()).isNotEqualTo(DiskLayout.QUOTA);
      assertThat(new Disks(Kernel.linux(), DiskLayout.QUOTA).choice(host).reason())
          .contains("no project quotas");
      return;
    }
    assertThat(disks.choice(host).layout()).isEqualTo(DiskLayout.QUOTA);
    disks.create(area, space(64), IDS);
    assertThat(disks.layout(area)).isEqualTo(DiskLayout.QUOTA);
    assertThat(Files.getFileStore(area.resolve("delta")).getTotalSpace()).isEqualTo(64 * MIB);
    // Root may exceed quotas, the overlay that containers write through may not.
    HostTools.run(
        0,
        "setpriv",
        "--bounding-set=-sys_resource",
        "--inh-caps=-sys_resource",
        "sh",
        "-c",
        "head -c 100M /dev/zero > " + delta("big") + "; true");
    assertThat(Files.size(delta("big"))).isBetween(60 * MIB, 64 * MIB);
    assertThat(disks.usage(area).orElseThrow().space()).isBetween(60 * MIB, 64 * MIB);
    disks.hold(area, space(128), IDS, true, text -> {});
    assertThat(fill("more", 40)).isEqualTo(40);
    Files.delete(delta("big"));
    disks.hold(area, space(48), IDS, true, text -> {});
    assertThat(disks.usage(area).orElseThrow().spaceLimit()).isEqualTo(48 * MIB);
    assertThatThrownBy(() -> disks.hold(area, space(34), IDS, true, text -> {}))
        .isInstanceOf(LaminaException.class);
    disks.discard(area);
  }
}
