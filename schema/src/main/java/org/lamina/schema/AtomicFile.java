package org.lamina.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Replaces whole files so that a reader, or a power cut, meets the old content or the new one. */
public final class AtomicFile {
  private static final Set<StandardOpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private AtomicFile() {}

  /**
   * Writes {@code FILE.tmp} and renames it; a symbolic link is followed, not replaced. New files
   * are readable by everybody, an existing file keeps its mode. Two writers of one file must
   * exclude each other.
   *
   * @param durable true returns only when the content survives power loss
   */
  public static void write(Path file, byte[] content, boolean durable) throws IOException {
    Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
    Path tmp = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      // What lies there may be a link to somewhere; it is replaced, never written through.
      Files.deleteIfExists(tmp);
      try (FileChannel channel =
          FileChannel.open(
              tmp,
              FRESH,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        if (Files.exists(target)) {
          Files.setPosixFilePermissions(tmp, Files.getPosixFilePermissions(target));
        }
        if (durable) {
          channel.force(true);
        }
      }
      move(tmp, target);
    } catch (IOException e) {
      Files.deleteIfExists(tmp);
      throw e;
    }
    if (durable) {
      syncDirectory(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    }
  }

  private static void move(Path tmp, Path target) throws IOException {
    try {
      Files.move(tmp, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("cannot rename " + tmp + " to " + target + " atomically", e);
    }
  }

  /** Makes creations, renames and removals in a directory survive power loss. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
