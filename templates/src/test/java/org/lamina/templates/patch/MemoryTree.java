package org.lamina.templates.patch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/** A generation, or a container's layer, in memory. */
final class MemoryTree implements TemplateTree, DeltaContent {
  /** One object; directories and whiteouts have no text. */
  record Thing(String type, String mode, int uid, int gid, String text, @Nullable String owner) {
    static Thing file(String text) {
      return new Thing("file", "0644", 0, 0, text, null);
    }

    static Thing link(String target) {
      return new Thing("symlink", "0777", 0, 0, target, null);
    }

    static Thing directory() {
      return new Thing("directory", "0755", 0, 0, "", null);
    }

    static Thing whiteout() {
      return new Thing("whiteout", "0000", 0, 0, "", null);
    }

    /** A directory that hides what is below it in lower layers. */
    static Thing opaque() {
      return new Thing("opaque", "0755", 0, 0, "", null);
    }

    Thing of(@Nullable String newOwner) {
      return new Thing(type, mode, uid, gid, text, newOwner);
    }

    Thing mode(String newMode, int newUid, int newGid) {
      return new Thing(type, newMode, newUid, newGid, text, owner);
    }
  }

  final TreeMap<String, Thing> things = new TreeMap<>();

  /** Puts an object, with the directories above it. */
  MemoryTree put(String path, Thing thing) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      things.putIfAbsent(path.substring(0, slash), Thing.directory());
    }
    things.put(path, thing);
    return this;
  }

  static ManifestEntry entry(String path, Thing thing) {
    boolean file = thing.type().equals("file");
    return new ManifestEntry(
        "/" + path,
        thing.type().equals("opaque") ? "directory" : thing.type(),
        thing.mode(),
        thing.uid(),
        thing.gid(),
        file ? (long) thing.text().length() : null,
        file ? hash(thing.text()) : null,
        thing.type().equals("symlink") ? thing.text() : null,
        null,
        thing.owner(),
        null,
        null);
  }

  static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable ManifestEntry find(String path) {
    @Nullable Thing thing = things.get(path);
    return thing == null ? null : entry(path, thing);
  }

  @Override
  public Instant modified(String path) {
    return Instant.EPOCH;
  }

  @Override
  public InputStream open(String path) throws IOException {
    byte @Nullable [] content = read(path, Integer.MAX_VALUE);
    if (content == null) {
      throw new NoSuchFileException(path);
    }
    return new ByteArrayInputStream(content);
  }

  @Override
  public @Nullable ManifestEntry describe(String path) {
    return find(path);
  }

  @Override
  public byte @Nullable [] read(String path, int limit) {
    @Nullable Thing thing = things.get(path);
    return thing == null || !thing.type().equals("file")
        ? null
        : thing.text().getBytes(StandardCharsets.ISO_8859_1);
  }

  DeltaTree delta() {
    return DeltaTree.of(
        things.entrySet().stream()
            .map(e ->
                new DeltaEntry(
                    e.getKey(),
                    switch (e.getValue().type()) {
                      case "file" -> DeltaEntry.Kind.FILE;
                      case "symlink" -> DeltaEntry.Kind.SYMLINK;
                      case "directory" -> DeltaEntry.Kind.DIRECTORY;
                      case "opaque" -> DeltaEntry.Kind.OPAQUE_DIRECTORY;
                      case "whiteout" -> DeltaEntry.Kind.WHITEOUT;
                      default -> DeltaEntry.Kind.OTHER;
                    }))
            .toList());
  }

  void prune(String path) {
    things.keySet().removeIf(k -> k.equals(path) || k.startsWith(path + "/"));
  }

  static Map<String, Thing> copy(MemoryTree tree) {
    return new TreeMap<>(tree.things);
  }
}
