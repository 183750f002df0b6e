package org.lamina.manager.core.patch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.agent.GuestRoot;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * What a container had at every path that a move touches, as one file {@code undo-FROM-TO} in its
 * private area. It is complete and on the disk before the first change, or it is not there: so what
 * is there is what undoes the move, however far it came.
 */
final class UndoJournal {
  private static final int MAGIC = 0x4c415550;

  /** Of the releases before, which did not write down when files were changed. */
  private static final int UNTIMED = 0x4c41554f;

  /** More than any update has; a tree that large is not undone path by path. */
  private static final int MOST = 20_000;

  private static final Pattern NAME = Pattern.compile("undo-([0-9]{1,9})-([0-9]{1,9})");

  private final Path area;
  private final Path file;

  UndoJournal(Path area, int from, int to) {
    this.area = area;
    this.file = area.resolve("undo-" + from + "-" + to);
  }

  /** From where a container came whose move to this generation is not yet known to be good. */
  static Optional<Integer> unproven(Path area, int to) {
    return all(area).stream().filter(j -> j.to() == to).map(Journal::from).findFirst();
  }

  /**
   * Where a container was going that is still written down on the generation it comes from: its
   * move was begun, and neither finished nor undone.
   */
  static Optional<Integer> begun(Path area, int from) {
    return all(area).stream().filter(j -> j.from() == from).map(Journal::to).findFirst();
  }

  /** Removes what would undo moves that brought the container to where it is. */
  static void forget(Path area, int generation) {
    for (Journal journal : all(area)) {
      if (journal.from() != generation) {
        new UndoJournal(area, journal.from(), journal.to()).delete();
      }
    }
  }

  private record Journal(int from, int to) {}

  private static List<Journal> all(Path area) {
    List<Journal> out = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(area, "undo-*")) {
      for (Path entry : entries) {
        Matcher m = NAME.matcher(entry.getFileName().toString());
        if (m.matches()) {
          out.add(new Journal(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))));
        }
      }
      return out;
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read " + area + ": " + e.getMessage(), null, e);
    }
  }

  boolean exists() {
    return Files.exists(file);
  }

  /**
   * Saves what is at these paths now, with everything below directories among {@code trees}. Does
   * nothing if the journal is there: it was written by the attempt that this one goes on with.
   */
  void save(GuestRoot root, Collection<String> paths, Collection<String> trees) {
    if (exists()) {
      return;
    }
    List<Original> originals = new ArrayList<>();
    paths.forEach(path -> originals.add(Original.of(root, path)));
    trees.forEach(path -> collect(root, path, originals));
    // All but the contents, which go from file to file.
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel));
          DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(MAGIC);
        out.writeInt(originals.size());
        for (Original original : originals) {
          original.write(root, out);
        }
        out.flush();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      AtomicFile.syncDirectory(area);
    } catch (IOException e) {
      throw failed("cannot write", e);
    }
  }

  private static void collect(GuestRoot root, String path, List<Original> out) {
    if (out.size() >= MOST) {
      throw new LaminaException(
          ExitCode.NO_RESOURCES,
          "more than " + MOST + " objects would have to be saved for an undo",
          "Look at what the container has below " + path + ".");
    }
    Original original = Original.of(root, path);
    out.add(original);
    if (original.isDirectory()) {
      root.list(path).forEach(name -> collect(root, path + "/" + name, out));
    }
  }

  /** Puts everything back, in the view of the generation that it was saved in. */
  void restore(GuestRoot root) {
    // Directories come before what is in them, and what is gone goes from the inside out.
    List<Original> absent = new ArrayList<>();
    each((original, content) -> {
      if (original.isDirectory()) {
        original.restore(root, content);
      } else if (original.isAbsent()) {
        absent.add(original);
      }
    });
    absent.reversed().forEach(original -> original.restoreAbsence(root));
    each((original, content) -> {
      if (!original.isDirectory()) {
        original.restore(root, content);
      }
    });
  }

  private interface Reader {
    void read(Original original, InputStream content) throws IOException;
  }

  private void each(Reader reader) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      int magic = in.readInt();
      if (magic != MAGIC && magic != UNTIMED) {
        throw new IOException("not a journal");
      }
      for (int left = in.readInt(); left > 0; left--) {
        Original original = Original.read(in, magic == MAGIC);
        Content content = new Content(in, original.length());
        reader.read(original, content);
        content.skipRest();
      }
    } catch (NoSuchFileException e) {
      // nothing was changed yet
      return;
    } catch (IOException e) {
      throw failed("cannot read", e);
    }
  }

  /** As much of the journal as belongs to one object. */
  private static final class Content extends InputStream {
    private final InputStream in;
    private long left;

    Content(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = in.read(buffer, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new EOFException("the journal ends early");
      }
      left -= n;
      return n;
    }

    void skipRest() throws IOException {
      in.skipNBytes(left);
      left = 0;
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("cannot remove", e);
    }
  }

  private LaminaException failed(String what, IOException e) {
    return new LaminaException(ExitCode.SYSTEM, what + " " + file + ": " + e.getMessage(), null, e);
  }
}
