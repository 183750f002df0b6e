package org.lamina.templates.patch.rpm;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One package's header as rpm writes it: an index of typed tags and their data, big endian. Comes
 * from a container, so nothing in it is believed: what does not fit is an error. Immutable; thread
 * safe.
 */
public final class RpmHeader {
  /** Tags that patching asks for. */
  public static final int NAME = 1000;

  static final int VERSION = 1001;
  static final int RELEASE = 1002;
  static final int EPOCH = 1003;
  static final int ARCH = 1022;
  static final int FILE_FLAGS = 1037;
  static final int DIRECTORY_INDEXES = 1116;
  static final int BASE_NAMES = 1117;
  static final int DIRECTORY_NAMES = 1118;

  /** Bits of {@link #FILE_FLAGS}. */
  static final int CONFIG = 1;

  static final int MISSING_OK = 1 << 3;
  static final int NO_REPLACE = 1 << 4;
  static final int GHOST = 1 << 6;

  private static final long MAGIC = 0x8eade801L << 32;
  private static final int INT16 = 3;
  private static final int INT32 = 4;
  private static final int STRING = 6;
  private static final int STRING_ARRAY = 8;
  private static final int I18N_STRING = 9;
  private static final int ENTRY = 16;
  private static final int MOST_ENTRIES = 0xffff;
  private static final int MOST_DATA = 8 << 20;

  private final byte[] bytes;
  private final int entries;

  private RpmHeader(byte[] bytes, int entries) {
    this.bytes = bytes;
    this.entries = entries;
  }

  /**
   * Reads the next header of a list.
   *
   * @return empty at the end of the list
   * @throws IOException also if it is no header
   */
  public static Optional<RpmHeader> read(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    byte[] start = new byte[16];
    start[0] = (byte) first;
    in.readFully(start, 1, 15);
    ByteBuffer head = ByteBuffer.wrap(start);
    if (head.getLong() != MAGIC) {
      throw new IOException("not a list of package headers");
    }
    int entries = head.getInt();
    int data = head.getInt();
    if (entries < 0 || entries > MOST_ENTRIES || data < 0 || data > MOST_DATA) {
      throw new IOException("a package header of " + entries + " tags and " + data + " bytes");
    }
    int rest = entries * ENTRY + data;
    byte[] all = new byte[16 + rest];
    System.arraycopy(start, 0, all, 0, 16);
    in.readFully(all, 16, rest);
    return Optional.of(new RpmHeader(all, entries));
  }

  /** How much of a list it takes. */
  int length() {
    return bytes.length;
  }

  /** SHA-256 of all of it, in hex. */
  String digest() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Name, or nothing as text. */
  public String name() {
    return string(NAME);
  }

  /** Epoch, version and release. */
  public Evr evr() {
    List<Integer> epoch = numbers(EPOCH);
    return new Evr(
        epoch.isEmpty() ? 0 : Integer.toUnsignedLong(epoch.getFirst()),
        string(VERSION),
        string(RELEASE));
  }

  /** Architecture; keys that were imported have none. */
  public String architecture() {
    return string(ARCH);
  }

  private String string(int tag) {
    List<String> all = strings(tag);
    return all.isEmpty() ? "" : all.getFirst();
  }

  List<String> strings(int tag) {
    @Nullable Slot slot = slot(tag);
    List<String> out = new ArrayList<>();
    if (slot == null
        || (slot.type != STRING && slot.type != STRING_ARRAY && slot.type != I18N_STRING)) {
      return out;
    }
    int at = slot.offset;
    for (int i = 0; i < (slot.type == STRING ? 1 : slot.count) && at < bytes.length; i++) {
      int end = at;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      out.add(new String(bytes, at, end - at, StandardCharsets.UTF_8));
      at = end + 1;
    }
    return out;
  }

  List<Integer> numbers(int tag) {
    @Nullable Slot slot = slot(tag);
    List<Integer> out = new ArrayList<>();
    if (slot == null || (slot.type != INT32 && slot.type != INT16)) {
      return out;
    }
    int width = slot.type == INT32 ? 4 : 2;
    ByteBuffer data = ByteBuffer.wrap(bytes);
    for (int i = 0, at = slot.offset; i < slot.count && at + width <= bytes.length; i++) {
      out.add(width == 4 ? data.getInt(at) : data.getShort(at) & 0xffff);
      at += width;
    }
    return out;
  }

  private record Slot(int type, int offset, int count) {}

  private @Nullable Slot slot(int tag) {
    ByteBuffer index = ByteBuffer.wrap(bytes);
    int data = 16 + entries * ENTRY;
    for (int i = 0; i < entries; i++) {
      int at = 16 + i * ENTRY;
      if (index.getInt(at) == tag) {
        int offset = index.getInt(at + 8);
        int count = index.getInt(at + 12);
        return offset < 0 || offset > bytes.length - data || count < 0
            ? null
            : new Slot(index.getInt(at + 4), data + offset, count);
      }
    }
    return null;
  }

  /**
   * A file of the package.
   *
   * @param path without the leading slash
   * @param flags as rpm defines them
   */
  public record PackagedFile(String path, int flags) {
    /** Not part of what the package brings: somebody makes it later. */
    public boolean isGhost() {
      return (flags & GHOST) != 0;
    }

    boolean isConfiguration() {
      return (flags & CONFIG) != 0;
    }

    boolean isNotReplaced() {
      return (flags & NO_REPLACE) != 0;
    }

    boolean mayBeMissing() {
      return (flags & MISSING_OK) != 0;
    }
  }

  /** The files of the package, directories and ghosts among them. */
  public List<PackagedFile> files() {
    List<String> names = strings(BASE_NAMES);
    List<String> directories = strings(DIRECTORY_NAMES);
    List<Integer> indexes = numbers(DIRECTORY_INDEXES);
    List<Integer> flags = numbers(FILE_FLAGS);
    List<PackagedFile> out = new ArrayList<>(names.size());
    for (int i = 0; i < names.size() && i < indexes.size(); i++) {
      int directory = indexes.get(i);
      if (directory >= 0 && directory < directories.size()) {
        String path = directories.get(directory) + names.get(i);
        if (path.startsWith("/")) {
          out.add(new PackagedFile(path.substring(1), i < flags.size() ? flags.get(i) : 0));
        }
      }
    }
    return out;
  }
}
