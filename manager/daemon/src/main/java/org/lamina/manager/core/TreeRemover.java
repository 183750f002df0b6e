package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * Removes directory trees whose content somebody hostile may have made: never follows a symbolic
 * link, and neither long paths nor deep nesting exhaust paths, descriptors or the stack.
 */
final class TreeRemover {
  /** Deeper directories are moved up to the top first; each level holds one descriptor. */
  private static final int MAX_DEPTH = 48;

  private static final int MAX_PASSES = 1_000_000;

  private final SecureDirectoryStream<Path> top;
  private long moved;

  private TreeRemover(SecureDirectoryStream<Path> top) {
    this.top = top;
  }

  /**
   * Removes the tree if it is there; a symbolic link in its place is removed itself.
   *
   * @throws IOException naming what could not be removed; the rest may be gone
   */
  static void remove(Path root) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(root);
      return;
    }
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
        TreeRemover remover = new TreeRemover(secure(stream, root));
        remover.empty(remover.top, 0);
      }
      try {
        Files.delete(root);
        return;
      } catch (DirectoryNotEmptyException e) {
        // deep directories were moved up behind the position already read: once more
      } catch (NoSuchFileException e) {
        return;
      }
    }
    throw new IOException(root + " does not get empty");
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path root)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException("cannot remove " + root + " safely on this file system");
  }

  private void empty(SecureDirectoryStream<Path> directory, int depth) throws IOException {
    for (Path entry : directory) {
      Path name = entry.getFileName();
      if (!isDirectory(directory, name)) {
        directory.deleteFile(name);
      } else if (depth < MAX_DEPTH) {
        try (SecureDirectoryStream<Path> below =
            directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          empty(below, depth + 1);
        }
        if (depth > 0) {
          directory.deleteDirectory(name);
        } else {
          deleteFromTop(name);
        }
      } else {
        directory.move(name, top, Path.of(".deep-" + Long.toHexString(nextMove())));
      }
    }
  }

  private void deleteFromTop(Path name) throws IOException {
    try {
      top.deleteDirectory(name);
    } catch (NoSuchFileException e) {
      // a later pass of the same directory already took it
    }
  }

  private long nextMove() {
    return (System.nanoTime() << 16) + moved++;
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }
}
