package org.lamina.templates.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * The right to change one template: held against other threads by a table, against other processes
 * by a lock on a file, which the kernel drops when the holder dies. The file stays, because
 * removing a lock file lets two holders in.
 */
final class TemplateLock implements AutoCloseable {
  /** Locks of a file belong to the whole process, so threads need a table of their own. */
  private static final Map<Path, String> HERE = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private TemplateLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @param locks directory of the lock files, made if missing
   * @param doing what the holder does, for the message to others
   * @throws LaminaException LOCKED with the holder
   */
  static TemplateLock acquire(Path locks, String template, String doing) throws IOException {
    Files.createDirectories(locks);
    Path file = locks.toRealPath().resolve(template);
    String holder =
        "%s by process %d since %s"
            .formatted(
                doing,
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    @Nullable String other = HERE.putIfAbsent(file, holder);
    if (other != null) {
      throw locked(template, other);
    }
    boolean kept = false;
    try {
      FileChannel channel = open(file, template, holder);
      kept = true;
      return new TemplateLock(file, channel);
    } finally {
      if (!kept) {
        HERE.remove(file);
      }
    }
  }

  /** The lock, or nothing if somebody alive holds it. */
  static Optional<TemplateLock> tryAcquire(Path locks, String template, String doing)
      throws IOException {
    try {
      return Optional.of(acquire(locks, template, doing));
    } catch (LaminaException e) {
      if (e.exitCode() == ExitCode.LOCKED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static FileChannel open(Path file, String template, String holder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean kept = false;
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        channel.read(bytes, 0);
        throw locked(
            template, new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
      kept = true;
      return channel;
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static LaminaException locked(String template, String holder) {
    return new LaminaException(
        ExitCode.LOCKED,
        "template " + template + " is locked: " + Printable.shorten(holder, 200),
        "Wait until that has finished, or end it.");
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
    } finally {
      HERE.remove(file);
    }
  }
}
