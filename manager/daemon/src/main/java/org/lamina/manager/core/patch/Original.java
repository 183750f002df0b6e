package org.lamina.manager.core.patch;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.GuestRoot;

/** What was at a path of a container before patching touched it. Immutable. */
final class Original {
  /** Longest content a journal is believed to hold; the same as a guest's file may have. */
  private static final int LIMIT = 64 << 20;

  private static final String ABSENT = "-";

  private final String path;
  private final GuestRoot.@Nullable Info info;
  private final byte[] content;
  private final Map<String, byte[]> attributes;

  private Original(
      String path, GuestRoot.@Nullable Info info, byte[] content, Map<String, byte[]> attributes) {
    this.path = path;
    this.info = info;
    this.content = content;
    this.attributes = attributes;
  }

  static Original of(GuestRoot root, String path) {
    Optional<GuestRoot.Info> info = root.info(path);
    byte[] content =
        switch (info.map(GuestRoot.Info::type).orElse(GuestRoot.Type.DIRECTORY)) {
          case FILE -> root.read(path);
          case SYMLINK -> root.readLink(path).getBytes(StandardCharsets.UTF_8);
          case DIRECTORY, OTHER -> new byte[0];
        };
    return new Original(path, info.orElse(null), content, root.attributes(path));
  }

  String path() {
    return path;
  }

  boolean isDirectory() {
    return info != null && info.type() == GuestRoot.Type.DIRECTORY;
  }

  /** Puts it back as it was; done twice is done once. */
  void restore(GuestRoot root) {
    Optional<GuestRoot.Info> now = root.info(path);
    if (info == null) {
      root.remove(path);
      return;
    }
    if (now.isPresent() && now.get().type() != info.type()) {
      root.remove(path);
    }
    switch (info.type()) {
      case FILE ->
          root.write(path, content, info.mode(), owner(info.uid()), owner(info.gid()), attributes);
      case SYMLINK ->
          root.link(
              path,
              new String(content, StandardCharsets.UTF_8),
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

  void write(DataOutputStream out) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    out.writeInt(name.length);
    out.write(name);
    out.writeUTF(info == null ? ABSENT : info.type().name());
    out.writeInt(info == null ? 0 : info.mode());
    out.writeInt(info == null ? 0 : info.uid());
    out.writeInt(info == null ? 0 : info.gid());
    out.writeInt(content.length);
    out.write(content);
    out.writeInt(attributes.size());
    for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeInt(attribute.getValue().length);
      out.write(attribute.getValue());
    }
  }

  static Original read(DataInputStream in) throws IOException {
    String path = new String(bytes(in), StandardCharsets.UTF_8);
    String type = in.readUTF();
    int mode = in.readInt();
    int uid = in.readInt();
    int gid = in.readInt();
    byte[] content = bytes(in);
    Map<String, byte[]> attributes = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      attributes.put(in.readUTF(), bytes(in));
    }
    return new Original(path, type(type, mode, uid, gid, content.length), content, attributes);
  }

  private static GuestRoot.@Nullable Info type(String type, int mode, int uid, int gid, int length)
      throws IOException {
    try {
      return type.equals(ABSENT)
          ? null
          : new GuestRoot.Info(GuestRoot.Type.valueOf(type), mode, uid, gid, length);
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown type " + type, e);
    }
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LIMIT) {
      throw new IOException("bad length " + length);
    }
    return in.readNBytes(length);
  }
}
