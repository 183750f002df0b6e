package org.lamina.agent.proc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads values below {@code /proc/sys}. Many of these files answer only a read(2) from their very
 * start, while {@link java.nio.file.Files} begins with a read of one byte and so sees one digit of
 * a number.
 */
public final class ControlFile {
  private static final int LONGEST = 4096;

  private ControlFile() {}

  /**
   * The value without white space around it; at most 4096 bytes.
   *
   * @throws IOException as {@link FileChannel#open} gives it, telling a missing file from others
   */
  public static String read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.read(bytes);
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1).strip();
  }
}
