package org.lamina.manager.core.patch;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.GuestRoot;

/**
 * What was at a path of a container before patching touched it, as it stands in a journal: its
 * content follows, because it may be larger than this process. Immutable.
 */
final class Original {
  /** Longest content a journal is believed to hold: package databases take some hundred MiB. */
  private static final long LIMIT = 2L << 30;

  private static final int LONGEST_NAME = 64 << 10;

  private static final int BUFFER = 64 << 10;

  private static final String ABSENT = "-";

  private final String path;
  private final GuestRoot.@Nullable Info info;
  private final long length;
  private final Map<String, byte[]> attributes;

  private Original(
      String path, GuestRoot.@Nullable Info info, long length, Map<String, byte[]> attributes) {
    this.path = path;
    this.info = info;
    this.length = length;
    this.attributes = attributes;
  }

  /** What is there now. Content of a file that grows meanwhile is taken as far as it was long. */
  static Original of(GuestRoot root, String path) {
    Optional<GuestRoot.Info> info = root.info(path);
    long length =
        switch (info.map(GuestRoot.Info::type).orElse(GuestRoot.Type.DIRECTORY)) {
          case FILE -> info.orElseThrow().size();
          case SYMLINK -> root.readLink(path).getBytes(StandardCharsets.UTF_8).length;
          case DIRECTORY, OTHER -> 0;
        };
    return new Original(path, info.orElse(null), length, root.attributes(path));
  }

  String path() {
    return path;
  }

  boolean isDirectory() {
    return info != null && info.type() == GuestRoot.Type.DIRECTORY;
  }

  boolean isAbsent() {
    return info == null;
  }

  /** Takes away what is there now where there was nothing. */
  void restoreAbsence(GuestRoot root) {
    root.remove(path);
  }

  /**
   * Puts it back as it was; done twice is done once.
   *
   * @param content from where the journal has it, read to its end
   */
  void restore(GuestRoot root, InputStream content) throws IOException {
    Optional<GuestRoot.Info> now = root.info(path);
    if (info == null) {
      return;
    }
    if (now.isPresent() && now.get().type() != info.type()) {
      root.remove(path);
    }
    switch (info.type()) {
      case FILE ->
          root.write(
              path,
              content,
              info.mode(),
              owner(info.uid()),
              owner(info.gid()),
              info.modified(),
              attributes);
      case SYMLINK ->
          root.link(
              path,
              new String(content.readAllBytes(), StandardCharsets.UTF_8),
              owner(info.uid()),
              owner(info.gid()));
      case DIRECTORY -> root.makeDirectory(path, info.mode(), owner(info.uid()), owner(info.gid()));
      case OTHER -> {
        // devices, pipes and sockets are never replaced by a step, so there is nothing to restore
      }
    }
  }

  /** What the container has no id for belongs to its root. */
  private static int owner(int id) {
    return Math.max(id, 0);
  }

  long length() {
    return length;
  }

  /** Writes it down with its content. */
  void write(GuestRoot root, DataOutputStream out) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    out.writeInt(name.length);
    out.write(name);
    out.writeUTF(info == null ? ABSENT : info.type().name());
    out.writeInt(info == null ? 0 : info.mode());
    out.writeInt(info == null ? 0 : info.uid());
    out.writeInt(info == null ? 0 : info.gid());
    Instant modified = info == null ? Instant.EPOCH : info.modified();
    out.writeLong(modified.getEpochSecond());
    out.writeInt(modified.getNano());
    out.writeInt(attributes.size());
    for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeInt(attribute.getValue().length);
      out.write(attribute.getValue());
    }
    out.writeLong(length);
    if (info != null && info.type() == GuestRoot.Type.SYMLINK) {
      out.write(root.readLink(path).getBytes(StandardCharsets.UTF_8));
    } else if (length > 0) {
      try (InputStream in = root.open(path)) {
        copy(in, out);
      }
    }
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new IOException("/" + path + " inside became shorter while it was saved");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  /**
   * Reads all but the content, which follows in the stream.
   *
   * @param timed whether the journal says when files were changed; else they count as changed now
   */
  static Original read(DataInputStream in, boolean timed) throws IOException {
    String path = new String(bytes(in), StandardCharsets.UTF_8);
    String type = in.readUTF();
    int mode = in.readInt();
    int uid = in.readInt();
    int gid = in.readInt();
    Instant modified = timed ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : Instant.now();
    Map<String, byte[]> attributes = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      attributes.put(in.readUTF(), bytes(in));
    }
    long length = in.readLong();
    if (length < 0 || length > LIMIT) {
      throw new IOException("bad length " + length);
    }
    return new Original(path, type(type, mode, uid, gid, length, modified), length, attributes);
  }

  private static GuestRoot.@Nullable Info type(
      String type, int mode, int uid, int gid, long length, Instant modified) throws IOException {
    try {
      return type.equals(ABSENT)
          ? null
          : new GuestRoot.Info(GuestRoot.Type.valueOf(type), mode, uid, gid, length, modified);
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown type " + type, e);
    }
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST_NAME) {
      throw new IOException("bad length " + length);
    }
    return in.readNBytes(length);
  }
}
