package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Edits files inside a root file system without ever leaving it. No process of the tree lives any
 * more and its parents are closed to others, so nothing changes between a check and its use; every
 * directory on the way must be a real directory, because a link would lead onto the host. Paths are
 * relative, such as {@code etc/fstab}. Not thread safe.
 */
public final class RootTree {
  private final Path root;

  public RootTree(Path root) {
    this.root = root;
  }

  /** Whether there is anything, a dangling link included. */
  public boolean exists(String path) throws IOException {
    Path parent = parent(path, false);
    return parent != null && Files.exists(parent.resolve(name(path)), LinkOption.NOFOLLOW_LINKS);
  }

  /** The text of a regular file of at most {@code limit} bytes, else nothing. */
  public Optional<String> read(String path, int limit) throws IOException {
    Path parent = parent(path, false);
    if (parent == null) {
      return Optional.empty();
    }
    Path file = parent.resolve(name(path));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > limit) {
      return Optional.empty();
    }
    return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
  }

  /**
   * Replaces whatever is there by a regular file of root, making missing directories.
   *
   * @param mode as {@link PosixFilePermissions} text, such as {@code rw-r--r--}
   */
  public void write(String path, String text, String mode) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8), mode);
  }

  /** As {@link #write(String, String, String)}, with bytes. */
  public void write(String path, byte[] bytes, String mode) throws IOException {
    delete(path);
    Path file = made(path).resolve(name(path));
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel out = Files.newByteChannel(file, fresh)) {
      fill(out, bytes);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  /** Changes the content of a regular file and keeps its owner and mode. */
  public void rewrite(String path, String text) throws IOException {
    Path parent = parent(path, false);
    if (parent == null) {
      throw new NoSuchFileException(path);
    }
    Set<OpenOption> inPlace =
        Set.of(
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel out = Files.newByteChannel(parent.resolve(name(path)), inPlace)) {
      fill(out, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void fill(SeekableByteChannel out, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Replaces whatever is there by a symbolic link. */
  public void link(String path, String target) throws IOException {
    delete(path);
    Files.createSymbolicLink(made(path).resolve(name(path)), Path.of(target));
  }

  /** Cuts a regular file to nothing and keeps its owner and mode; anything else stays. */
  public void truncate(String path) throws IOException {
    Path parent = parent(path, false);
    if (parent == null) {
      return;
    }
    Path file = parent.resolve(name(path));
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.newByteChannel(
              file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
          .close();
    }
  }

  /** Removes a file, link or whole directory; nothing there is fine. */
  public void delete(String path) throws IOException {
    Path parent = parent(path, false);
    if (parent != null) {
      TreeRemover.remove(parent.resolve(name(path)));
    }
  }

  /** Removes what a directory holds except the given names; the directory stays. */
  public void clear(String path, Set<String> except) throws IOException {
    if (!exists(path)) {
      return;
    }
    Path directory = parent(path + "/x", false);
    if (directory == null) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (!except.contains(entry.getFileName().toString())) {
          TreeRemover.remove(entry);
        }
      }
    }
  }

  private Path made(String path) throws IOException {
    Path parent = parent(path, true);
    if (parent == null) {
      throw new NoSuchFileException(path);
    }
    return parent;
  }

  private @Nullable Path parent(String path, boolean make) throws IOException {
    Path at = root;
    String[] parts = path.split("/");
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() || parts[i].equals(".") || parts[i].equals("..")) {
        throw new IOException("bad path inside a root file system: " + path);
      }
      if (i == parts.length - 1) {
        break;
      }
      at = at.resolve(parts[i]);
      if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(at + " is not a directory, so " + path + " cannot be reached");
      }
      if (!make) {
        return null;
      }
      Files.createDirectory(at);
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return at;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
