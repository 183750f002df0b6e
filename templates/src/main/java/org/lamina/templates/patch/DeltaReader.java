package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.PathText;

/** Reads objects in a container's own layers, safely while it runs. Thread safe. */
public final class DeltaReader implements DeltaContent {
  private static final int BUFFER = 64 * 1024;

  private final DeltaLayers layers;
  private final DeltaTree tree;
  private final int idBase;

  /**
   * @param idBase host id of the container's user 0
   */
  public DeltaReader(DeltaLayers layers, DeltaTree tree, int idBase) {
    this.layers = layers;
    this.tree = tree;
    this.idBase = idBase;
  }

  @Override
  public @Nullable ManifestEntry describe(String path) throws IOException {
    try (Beneath.@Nullable Handle handle = handle(path)) {
      return handle == null ? null : describe(handle, path);
    }
  }

  private ManifestEntry describe(Beneath.Handle handle, String path) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(handle.path(), "unix:mode,uid,gid,size");
    int mode = number(attributes, "mode");
    String type = type(mode);
    boolean regular = type.equals("file");
    SortedMap<String, String> xattrs = handle.attributes();
    return new ManifestEntry(
        "/" + path,
        type,
        String.format(Locale.ROOT, "%04o", mode & 07777),
        number(attributes, "uid") - idBase,
        number(attributes, "gid") - idBase,
        regular ? (Long) Objects.requireNonNull(attributes.get("size")) : null,
        regular ? hash(handle) : null,
        type.equals("symlink") ? PathText.of(handle.target()) : null,
        xattrs.isEmpty() ? null : xattrs,
        null,
        null,
        null);
  }

  @Override
  public byte @Nullable [] read(String path, int limit) throws IOException {
    try (@Nullable InputStream in = open(path)) {
      if (in == null) {
        return null;
      }
      byte[] bytes = in.readNBytes(limit + 1);
      return bytes.length > limit ? null : bytes;
    }
  }

  @Override
  public @Nullable InputStream open(String path) throws IOException {
    // What is opened through the descriptor stays open without it.
    try (Beneath.@Nullable Handle handle = handle(path)) {
      return handle == null || !Files.isRegularFile(handle.path())
          ? null
          : Files.newInputStream(handle.path());
    }
  }

  private Beneath.@Nullable Handle handle(String path) throws IOException {
    byte[] inside =
        tree.isRaw(path)
            ? layers.inside(tree.rawPath(path)).getBytes(StandardCharsets.ISO_8859_1)
            : layers.inside(path).getBytes(StandardCharsets.UTF_8);
    for (Path layer : layers.layersOf(path)) {
      Beneath.@Nullable Handle handle =
          Beneath.open(layer, inside.length == 0 ? new byte[] {'.'} : inside);
      if (handle != null) {
        return handle;
      }
    }
    return null;
  }

  private static String hash(Beneath.Handle handle) throws IOException {
    try (InputStream in = Files.newInputStream(handle.path())) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static int number(Map<String, Object> attributes, String name) {
    return (Integer) Objects.requireNonNull(attributes.get(name));
  }

  private static String type(int mode) {
    return switch (mode >> 12 & 017) {
      case 001 -> "fifo";
      case 002 -> "char";
      case 004 -> "directory";
      case 006 -> "block";
      case 010 -> "file";
      case 012 -> "symlink";
      default -> "socket";
    };
  }
}
