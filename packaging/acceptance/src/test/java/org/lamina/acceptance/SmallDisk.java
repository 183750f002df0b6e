package org.lamina.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file system of a few megabytes that a test fills and empties; unmounted when closed. */
final class SmallDisk implements AutoCloseable {
  private Path image;
  private final Path mount;

  /**
   * An ext4.
   *
   * @param inodes how many files fit at most
   */
  SmallDisk(int megabytes, int inodes) {
    this(megabytes, "mkfs.ext4", "-q", "-F", "-m", "0", "-N", Integer.toString(inodes));
  }

  private SmallDisk(int megabytes, String... mkfs) {
    try {
      Path base = Files.createTempDirectory(Path.of("/var/tmp"), "lamina-disk-");
      image = base.resolve("image");
      mount = Files.createDirectory(base.resolve("mount"));
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength((long) megabytes << 20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> words = new ArrayList<>(List.of(mkfs));
    words.add(image.toString());
    run(words.toArray(String[]::new));
    run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  static SmallDisk btrfs(int megabytes) {
    return new SmallDisk(megabytes, "mkfs.btrfs", "-q");
  }

  Path path() {
    return mount;
  }

  /** Takes every byte that is free; what writing out gives back is taken again. */
  void fill() {
    shell(
        "for round in 1 2 3; do dd if=/dev/zero bs=1k status=none 2>/dev/null >>%s/filler || :;"
                .formatted(mount)
            + " sync -f %s; done".formatted(mount));
  }

  /** Takes every inode that is free. */
  void fillInodes() {
    shell(
        "mkdir -p %s/inodes; cd %1$s/inodes; perl -e 'open(F, q(>), $_) || last for 1 .. 1e6'"
            .formatted(mount));
  }

  /** Gives back what {@link #fill} and {@link #fillInodes} took. */
  void free() {
    shell("rm -rf %s/filler %1$s/inodes; sync -f %1$s".formatted(mount));
  }

  /**
   * As after a reboot: what is not on the disk is gone. The disk is a copy, because whoever still
   * has the file system in a mount namespace would keep the kernel's idea of it alive.
   */
  void mountAgain() {
    Path next = image.resolveSibling(image.getFileName() + "+");
    run("cp", "--sparse=always", image.toString(), next.toString());
    run("umount", mount.toString());
    run("rm", image.toString());
    image = next;
    run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  private static void shell(String code) {
    run("sh", "-c", code);
  }

  private static void run(String... command) {
    RunningCommand.start(List.of(command), Map.of()).finish(Duration.ofMinutes(1)).ok();
  }

  @Override
  public void close() {
    run("umount", mount.toString());
    run("rm", "-rf", mount.getParent().toString());
  }
}
