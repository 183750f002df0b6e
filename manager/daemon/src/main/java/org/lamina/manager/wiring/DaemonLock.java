package org.lamina.manager.wiring;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Makes sure that one daemon works on a run directory; the kernel frees it when the daemon ends.
 */
final class DaemonLock implements AutoCloseable {
  private final FileChannel channel;

  private DaemonLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock and removes the socket of a daemon that is gone.
   *
   * @throws LaminaException LOCKED if another daemon runs, SYSTEM if the directory cannot be used
   */
  static DaemonLock take(Path runDir, Path socket) {
    FileChannel channel = null;
    try {
      Files.createDirectories(runDir);
      channel =
          FileChannel.open(
              runDir.resolve("laminad.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel) || answers(socket)) {
        channel.close();
        throw new LaminaException(
            ExitCode.LOCKED,
            "another laminad works on " + runDir + " already",
            "Stop it first, or give this one its own RUN_DIR and STATE_DIR.");
      }
      Files.deleteIfExists(socket);
      return new DaemonLock(channel);
    } catch (IOException e) {
      close(channel);
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot take the lock in " + runDir + ": " + e, null, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Somebody listens there, whoever it is. */
  private static boolean answers(Path socket) {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // nothing was written, so nothing is lost
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
