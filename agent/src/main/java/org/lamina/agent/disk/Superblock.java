package org.lamina.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.lamina.agent.DiskUsage;

/**
 * What the superblock of an ext4 file system says, see ext4(5) and the kernel's
 * Documentation/filesystems/ext4. True to the last byte only when it is not mounted.
 *
 * @param overhead blocks that hold no files
 */
record Superblock(
    long blockSize,
    long blocks,
    long freeBlocks,
    long overhead,
    long inodes,
    long freeInodes,
    boolean damaged) {
  private static final int OFFSET = 1024;
  private static final int BYTES = 1024;
  private static final int MAGIC = 0xEF53;
  private static final int HAS_ERRORS = 2;
  private static final int FEATURE_64_BIT = 0x80;
  private static final long WORD = 0xffffffffL;

  static Optional<Superblock> read(Path image) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining() && channel.read(bytes, OFFSET + (long) bytes.position()) >= 0) {
        // until all is there, or the file ends
      }
      return bytes.hasRemaining() ? Optional.empty() : parse(bytes);
    }
  }

  /** Empty if that is no ext4. */
  static Optional<Superblock> parse(ByteBuffer b) {
    if ((b.getShort(0x38) & 0xffff) != MAGIC || b.getInt(0x18) < 0 || b.getInt(0x18) > 6) {
      return Optional.empty();
    }
    boolean wide = (b.getInt(0x60) & FEATURE_64_BIT) != 0;
    return Optional.of(
        new Superblock(
            1024L << b.getInt(0x18),
            word(b, 0x4) | (wide ? word(b, 0x150) << 32 : 0),
            word(b, 0xC) | (wide ? word(b, 0x158) << 32 : 0),
            word(b, 0x248),
            word(b, 0x0),
            word(b, 0x10),
            (b.getShort(0x3A) & HAS_ERRORS) != 0));
  }

  private static long word(ByteBuffer bytes, int at) {
    return bytes.getInt(at) & WORD;
  }

  DiskUsage usage() {
    return new DiskUsage(
        Math.max(0, blocks - freeBlocks - overhead) * blockSize,
        blocks * blockSize,
        inodes - freeInodes,
        inodes);
  }
}
