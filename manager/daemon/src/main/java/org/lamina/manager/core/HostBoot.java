package org.lamina.manager.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.lamina.agent.proc.ControlFile;
import org.lamina.schema.AtomicFile;

/**
 * Tells the first start of the daemon after the host booted from a mere restart of the daemon: only
 * the first starts onboot containers. The mark is left when that work is complete, so that a daemon
 * killed in between goes on with it.
 */
final class HostBoot {
  static final Path KERNEL_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path mark;
  private final Path bootId;

  HostBoot(Path runDir, Path bootId) {
    this.mark = runDir.resolve("boot-id");
    this.bootId = bootId;
  }

  boolean isNew() throws IOException {
    try {
      return !Files.readString(mark).strip().equals(ControlFile.read(bootId));
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** The next start of the daemon counts as one with the host. */
  void forget() throws IOException {
    Files.deleteIfExists(mark);
  }

  void done() throws IOException {
    AtomicFile.write(mark, ControlFile.read(bootId).getBytes(StandardCharsets.UTF_8), false);
  }
}
