package org.lamina.manager.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.IdRange;

/**
 * Id ranges that {@code /etc/subuid} and {@code /etc/subgid} give to users of the host, see
 * subuid(5); containers keep off them. Entries of the user {@code lamina} are our own.
 */
record SubordinateIds(List<Block> blocks) {
  private static final String OURS = "lamina";

  /** Ids from first to first + count - 1. */
  record Block(long first, long count) {
    boolean overlaps(IdRange range) {
      return first < (long) range.base() + IdRange.SIZE && range.base() < first + count;
    }
  }

  static SubordinateIds read(Path... files) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files) {
      try {
        lines.addAll(Files.readAllLines(file));
      } catch (NoSuchFileException e) {
        // a host without such a file has given nothing away
      }
    }
    return parse(lines);
  }

  /** Lines that are not {@code NAME:FIRST:COUNT} are left out, as the tools of the host do. */
  static SubordinateIds parse(List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length == 3
          && !fields[0].equals(OURS)
          && fields[1].matches("[0-9]{1,10}")
          && fields[2].matches("[0-9]{1,10}")) {
        blocks.add(new Block(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
      }
    }
    return new SubordinateIds(List.copyOf(blocks));
  }

  boolean isFree(IdRange range) {
    return blocks.stream().noneMatch(b -> b.overlaps(range));
  }
}
