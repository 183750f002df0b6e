package org.lamina.templates.patch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.MemoryTree.Thing;

/** What overlayfs makes of a container's layer on a generation, in memory. */
final class MemoryGuestTree implements GuestTree {
  private final MemoryTree upper;
  private final Function<String, MemoryTree> lower;

  /**
   * @param lower the layer below by path, as trees switch by themselves
   */
  MemoryGuestTree(MemoryTree upper, Function<String, MemoryTree> lower) {
    this.upper = upper;
    this.lower = lower;
  }

  /** The visible object. */
  @Nullable Thing see(String path) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      @Nullable Thing parent = seeAt(path.substring(0, slash));
      if (parent == null || !isDirectory(parent)) {
        return null;
      }
    }
    return seeAt(path);
  }

  private @Nullable Thing seeAt(String path) {
    @Nullable Thing own = upper.things.get(path);
    if (own != null) {
      return own.type().equals("whiteout") ? null : own;
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      @Nullable Thing above = upper.things.get(path.substring(0, slash));
      if (above != null && !above.type().equals("directory")) {
        return null;
      }
    }
    return lower.apply(path).things.get(path);
  }

  private static boolean isDirectory(Thing thing) {
    return thing.type().equals("directory") || thing.type().equals("opaque");
  }

  @Override
  public @Nullable Stat stat(String path) {
    @Nullable Thing thing = see(path);
    if (thing == null) {
      return null;
    }
    Stat.Type type =
        switch (thing.type()) {
          case "file" -> Stat.Type.FILE;
          case "symlink" -> Stat.Type.SYMLINK;
          case "directory", "opaque" -> Stat.Type.DIRECTORY;
          default -> Stat.Type.OTHER;
        };
    return new Stat(type, new Attributes(thing.mode(), thing.uid(), thing.gid()), Instant.EPOCH);
  }

  @Override
  public InputStream open(String path) throws IOException {
    @Nullable Thing thing = see(path);
    if (thing == null || !thing.type().equals("file")) {
      throw new NoSuchFileException(path);
    }
    return new ByteArrayInputStream(thing.text().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void write(
      String path,
      InputStream content,
      @Nullable Attributes attributes,
      @Nullable Instant modified,
      Map<String, String> xattrs)
      throws IOException {
    @Nullable Stat there = stat(path);
    Attributes wanted =
        attributes != null
            ? attributes
            : there != null ? there.attributes() : new Attributes("0644", 0, 0);
    String text = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
    set(path, new Thing("file", wanted.mode(), wanted.uid(), wanted.gid(), text, null));
  }

  @Override
  public void link(String path, byte[] target, int uid, int gid) throws IOException {
    String text = new String(target, StandardCharsets.UTF_8);
    set(path, new Thing("symlink", "0777", uid, gid, text, null));
  }

  @Override
  public void makeDirectory(String path, Attributes attributes) throws IOException {
    @Nullable Thing there = see(path);
    String type = there != null && isDirectory(there) ? there.type() : "opaque";
    set(path, new Thing(type, attributes.mode(), attributes.uid(), attributes.gid(), "", null));
  }

  /** A directory makes way only if it is empty, as everywhere. */
  private void set(String path, Thing thing) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      @Nullable Thing parent = see(path.substring(0, slash));
      if (parent == null || !isDirectory(parent)) {
        throw new NotDirectoryException(path);
      }
    }
    @Nullable Thing there = see(path);
    if (there != null && isDirectory(there) && !isDirectory(thing)) {
      if (!list(path).isEmpty()) {
        throw new IOException(path + " is a directory with " + list(path));
      }
      upper.prune(path);
    }
    upper.put(path, thing);
  }

  @Override
  public boolean remove(String path) {
    @Nullable Thing there = see(path);
    if (there == null || (isDirectory(there) && !list(path).isEmpty())) {
      return false;
    }
    upper.prune(path);
    if (see(path) != null) {
      upper.put(path, Thing.whiteout());
    }
    return true;
  }

  @Override
  public List<String> list(String path) {
    TreeMap<String, Boolean> out = new TreeMap<>();
    for (MemoryTree tree : List.of(upper, lower.apply(path))) {
      for (String key : tree.things.keySet()) {
        if (key.startsWith(path + "/") && key.indexOf('/', path.length() + 1) < 0) {
          if (see(key) != null) {
            out.put(key.substring(path.length() + 1), true);
          }
        }
      }
    }
    return List.copyOf(out.keySet());
  }
}
