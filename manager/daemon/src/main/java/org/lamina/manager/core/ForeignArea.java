package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Looks at a private area that this host did not make. The daemon and its helpers write as root to
 * names in it, so none of them may lead elsewhere, and nobody else may be able to exchange them.
 */
final class ForeignArea {
  /** Directories bound inside, and what every ext4 has. */
  private static final Set<String> BESIDE_TREES = Set.of("mnt", "lost+found");

  private ForeignArea() {}

  /**
   * @param like a directory of the daemon's own, whose owner the area's must be
   * @throws LaminaException REGISTER_FAILED naming what is wrong
   */
  static void check(Path area, Path like) throws IOException {
    requireDirectory(area);
    requireOwner(area, like);
    for (Path entry : entries(area)) {
      if (Files.isSymbolicLink(entry)) {
        throw refused(entry + " is a symbolic link");
      }
    }
    Path conf = area.resolve("ve.conf");
    if (!Files.exists(conf)) {
      throw refused(area + " is not a private area: it has no ve.conf");
    }
    if (!Files.isRegularFile(conf, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(conf + " is not a regular file");
    }
    Path delta = area.resolve("delta");
    if (!Files.isDirectory(delta, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(area + " is not a private area: it has no delta directory");
    }
    requireOwner(delta, like);
    Path image = area.resolve("delta.img");
    if (Files.exists(image, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(image + " is not a regular file");
      }
      requireOwner(image, like);
    }
  }

  /**
   * Looks at what the delta directory shows.
   *
   * @throws LaminaException REGISTER_FAILED naming what is wrong
   */
  static void checkDelta(Path area, Path like) throws IOException {
    Path delta = area.resolve("delta");
    requireOwner(delta, like);
    for (Path tree : entries(delta)) {
      if (BESIDE_TREES.contains(tree.getFileName().toString())) {
        requireDirectory(tree);
        continue;
      }
      requireDirectory(tree);
      requireOwner(tree, like);
      requireDirectory(tree.resolve("upper"));
      entries(tree).forEach(ForeignArea::requireDirectory);
    }
  }

  private static void requireDirectory(Path path) {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(path + " is not a directory");
    }
  }

  private static void requireOwner(Path path, Path like) throws IOException {
    var owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(Files.getOwner(like))) {
      throw refused(path + " belongs to the user " + owner.getName());
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      return StreamSupport.stream(stream.spliterator(), false).sorted().toList();
    }
  }

  private static LaminaException refused(String why) {
    return new LaminaException(ExitCode.REGISTER_FAILED, "cannot register: " + why);
  }
}
