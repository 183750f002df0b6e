package org.lamina.manager.store;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Space beside the database that is given up when the disk is full. The database closes itself when
 * a write fails and needs to write to open again; and containers have to be stopped and destroyed
 * on a full disk more than ever. What can wait for room is refused before that. Thread safe.
 */
final class Ballast {
  /** Thousands of small commits. */
  static final int BYTES = 4 << 20;

  /** What new work leaves free beside the ballast. */
  private static final int MARGIN = 1 << 20;

  private static final Logger log = System.getLogger(Ballast.class.getName());

  private final @Nullable Path file;

  private Ballast(@Nullable Path file) {
    this.file = file;
  }

  /** In the database's directory; taken at once if there is room. */
  static Ballast in(Path directory) {
    Ballast ballast = new Ballast(directory.resolve("ballast"));
    ballast.take();
    return ballast;
  }

  /** For a database that is not on a disk. */
  static Ballast none() {
    return new Ballast(null);
  }

  /**
   * Called before the database takes in what can wait.
   *
   * @throws LaminaException DISK_FULL if only the ballast is left
   */
  synchronized void requireRoom() {
    if (file == null) {
      return;
    }
    take();
    try {
      if (free(file) < (isTaken(file) ? MARGIN : MARGIN + BYTES)) {
        throw new LaminaException(
            ExitCode.DISK_FULL,
            "No space left on device for the database in " + file.getParent(),
            "Free space on the file system of the state directory; containers can be stopped and"
                + " destroyed meanwhile.");
      }
    } catch (IOException e) {
      log.log(Level.WARNING, "cannot tell how much is free for the database", e);
    }
  }

  /** Gives the space up, until there is enough room again. */
  synchronized void release() {
    try {
      if (file != null && Files.deleteIfExists(file)) {
        log.log(Level.WARNING, "the disk of the database is full; its reserve is in use now");
      }
    } catch (IOException e) {
      log.log(Level.ERROR, "cannot remove " + file, e);
    }
  }

  private synchronized void take() {
    try {
      if (file == null || isTaken(file) || free(file) < 2L * BYTES) {
        return;
      }
      byte[] block = new byte[1 << 16];
      // a file system that compresses would keep zeros for nothing
      new Random(BYTES).nextBytes(block);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int written = 0; written < BYTES; written += block.length) {
          out.write(block);
        }
      }
    } catch (IOException e) {
      log.log(Level.WARNING, "no reserve for the database: " + e, e);
      release();
    }
  }

  private static boolean isTaken(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) == BYTES;
  }

  /** Asks the directory and nobody else: a FileStore would read all mounts of the host first. */
  private static long free(Path file) throws IOException {
    File directory = Objects.requireNonNull(file.toAbsolutePath().getParent()).toFile();
    long free = directory.getUsableSpace();
    if (free == 0 && !directory.isDirectory()) {
      throw new IOException("no such directory: " + directory);
    }
    return free;
  }
}
