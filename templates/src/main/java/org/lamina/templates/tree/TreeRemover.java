package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes whole trees by directory descriptors, so that neither a link nor an exchanged directory
 * can lead the removal elsewhere, and refuses where anything is mounted inside.
 */
public final class TreeRemover {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private TreeRemover() {}

  /**
   * @param path file, link or directory; nothing there is fine
   * @throws IOException if something is mounted on or below the path, or cannot be removed
   */
  public static void remove(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Path absolute = path.toAbsolutePath().normalize();
    for (String mount : mountPoints(Files.readString(MOUNTS, StandardCharsets.ISO_8859_1))) {
      if (mount.equals(absolute.toString()) || mount.startsWith(absolute + "/")) {
        throw new IOException("will not remove " + path + ": " + mount + " is mounted there");
      }
    }
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("will not remove the root directory");
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this platform cannot remove " + path + " safely");
      }
      removeDirectory(secure, absolute.getFileName());
    }
  }

  private static void removeDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    try (SecureDirectoryStream<Path> directory =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : names(directory)) {
        BasicFileAttributeView view =
            directory.getFileAttributeView(
                entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view.readAttributes().isDirectory()) {
          removeDirectory(directory, entry);
        } else {
          directory.deleteFile(entry);
        }
      }
    }
    parent.deleteDirectory(name);
  }

  private static List<Path> names(SecureDirectoryStream<Path> directory) throws IOException {
    List<Path> out = new ArrayList<>();
    try {
      directory.forEach(p -> out.add(p.getFileName()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return out;
  }

  /** Pure: the mount points of a mountinfo text, with its octal escapes undone. */
  static List<String> mountPoints(String mountinfo) {
    List<String> out = new ArrayList<>();
    for (String line : mountinfo.lines().toList()) {
      String[] fields = line.split(" ");
      if (fields.length > 4) {
        out.add(
            fields[4]
                .replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\"));
      }
    }
    return out;
  }
}
