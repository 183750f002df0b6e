package org.lamina.templates.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.lamina.templates.definition.DefinitionReader;
import org.lamina.templates.tree.TreeRemover;

/**
 * A place for unfinished work beside the published templates, on the same file system, so that
 * publishing and taking away are one rename each. The work belongs to whoever holds the template's
 * lock; what is found without a living holder was left by a crash.
 */
final class Staging {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final SecureRandom RANDOM = new SecureRandom();

  private Staging() {}

  /** A fresh directory for work on a template. The caller holds the template's lock. */
  static Path create(StoreLayout layout, String template) throws IOException {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return Files.createDirectory(
        layout.staging().resolve(template + "@" + HexFormat.of().formatHex(bytes)), PRIVATE);
  }

  /** The template that a staging directory belongs to, if its name is one of ours. */
  static Optional<String> templateOf(Path staged) {
    String name = staged.getFileName().toString();
    int at = name.indexOf('@');
    return at > 0 && DefinitionReader.validName(name.substring(0, at))
        ? Optional.of(name.substring(0, at))
        : Optional.empty();
  }

  /** Moves a directory in one step that survives a power failure once this returns. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    flushDirectory(parent(to));
    flushDirectory(parent(from));
  }

  /** Replaces a small file in one step that survives a power failure once this returns. */
  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    move(fresh, file);
  }

  /** Everything written so far to the file system of {@code path} reaches the disk. */
  static void flush(Path path) throws IOException, InterruptedException {
    Process sync = new ProcessBuilder("sync", "--file-system", path.toString()).inheritIO().start();
    if (!sync.waitFor(10, TimeUnit.MINUTES) || sync.exitValue() != 0) {
      sync.destroyForcibly();
      throw new IOException("cannot flush " + path + " to the disk");
    }
  }

  private static void flushDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException(path + " has no parent");
    }
    return parent;
  }

  /** Removes staged work with all it holds. */
  static void discard(Path staged) throws IOException {
    TreeRemover.remove(staged);
  }
}
