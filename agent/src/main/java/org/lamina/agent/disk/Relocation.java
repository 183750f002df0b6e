package org.lamina.agent.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.IdRange;

/**
 * Moves the files of a container at rest from a plain directory to a layout that can be limited: a
 * complete copy is made beside them and takes their place by one rename. Before that rename an
 * interruption leaves the files as they were, after it only the old copy is to be removed.
 *
 * <p>For a directory or subvolume the rename exchanges {@code delta.new} and {@code delta}. For an
 * image it gives the file its name; what then still lies in {@code delta}, below the mount, is old.
 */
final class Relocation {
  /** The copy while it is made, or after the exchange the old files. */
  static final String NEXT = "delta.new";

  /** The old files of what is an image now. */
  static final String FORMER = "delta.old";

  /** Directories of the container's own that are bound inside, in areas of earlier releases. */
  private static final String OWN = "mnt";

  private final Disks disks;
  private final Path area;

  Relocation(Disks disks, Path area) {
    this.disks = disks;
    this.area = area;
  }

  void move(DiskLayout to, DiskLimits limits, IdRange ids) throws IOException {
    Path next = area.resolve(NEXT);
    try {
      disks.make(area, NEXT, to, limits, ids);
      Image image = new Image(disks.kernel(), Image.unfinished(file()), next);
      if (to == DiskLayout.IMAGE) {
        image.mount();
      }
      copy(area.resolve(Disks.DELTA), next);
      if (Files.isDirectory(area.resolve(OWN), LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(next.resolve(OWN));
        copy(area.resolve(OWN), next.resolve(OWN));
      }
      try (Fd fd = disks.kernel().files().open(next.toString(), FileCalls.O_RDONLY, 0)) {
        disks.kernel().files().syncFileSystem(fd);
      }
      if (to == DiskLayout.IMAGE) {
        image.release();
        image.publishAs(file());
      } else {
        try (Fd fd = disks.kernel().files().open(area.toString(), FileCalls.O_RDONLY, 0)) {
          disks.kernel().disks().exchange(fd, NEXT, Disks.DELTA);
        }
        AtomicFile.syncDirectory(area);
      }
      removeOwn();
    } finally {
      settle();
    }
    disks.attach(area);
  }

  /** Everything there is to a file: owners, times, holes, links, devices and attributes. */
  private static void copy(Path from, Path to) {
    HostTools.run(
        0, "cp", "-a", "--sparse=always", "--reflink=auto", "--", from + "/.", to.toString());
  }

  /** After the copy counts, what lay beside the delta lies in it. */
  private void removeOwn() throws IOException {
    if (Files.isDirectory(area.resolve(OWN), LinkOption.NOFOLLOW_LINKS)) {
      HostTools.run(0, "rm", "-rf", "--one-file-system", "--", area.resolve(OWN).toString());
    }
  }

  /** Removes what an interruption left; the files are where they belong before and after. */
  void settle() throws IOException {
    finish();
    remove(NEXT);
    remove(FORMER);
    Files.deleteIfExists(Image.unfinished(file()));
    disks.image(area).settleSize();
  }

  /** Moves old files away that lie where an image is to be mounted. */
  void finish() throws IOException {
    Image image = disks.image(area);
    Path delta = area.resolve(Disks.DELTA);
    if (!image.exists() || image.mounted()) {
      return;
    }
    if (Files.isDirectory(delta, LinkOption.NOFOLLOW_LINKS) && !isEmpty(delta)) {
      Files.move(delta, area.resolve(FORMER), StandardCopyOption.ATOMIC_MOVE);
    }
    if (Files.notExists(delta, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(delta);
    }
  }

  private void remove(String name) throws IOException {
    Path path = area.resolve(name);
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Image.unmountBelow(disks.kernel(), path);
    if (disks.subvolumes().isSubvolume(path)) {
      disks.subvolumes().delete(area, name);
    } else {
      // The container may have made anything in there; this follows no link.
      HostTools.run(0, "rm", "-rf", "--one-file-system", "--", path.toString());
    }
  }

  private Path file() {
    return area.resolve("delta.img");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }
}
