package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a fresh layer whatever says the same as the layers below: files written anew with
 * equal content, directories copied up on the way to something that is gone again, whiteouts of
 * nothing. What stays one inode stays one copy in memory for all containers.
 */
public final class LayerTrimmer {
  private final Path root;
  private final Map<String, ManifestEntry> below;
  private final LayerView lower;
  private final Predicate<String> timed;

  private LayerTrimmer(
      Path root, Map<String, ManifestEntry> below, LayerView lower, Predicate<String> timed) {
    this.root = root;
    this.below = below;
    this.lower = lower;
    this.timed = timed;
  }

  /**
   * @param root the layer
   * @param manifest of what the layers below show together
   * @param lower the same as files
   * @param timed paths, starting with a slash, of files that are not the same at another time
   * @return what is left
   */
  public static DiffLayer trim(
      Path root, List<ManifestEntry> manifest, LayerView lower, Predicate<String> timed)
      throws IOException, InterruptedException {
    Map<String, ManifestEntry> below = HashMap.newHashMap(manifest.size());
    manifest.forEach(e -> below.put(e.path(), e));
    return new LayerTrimmer(root, below, lower, timed).trim();
  }

  private DiffLayer trim() throws IOException, InterruptedException {
    DiffLayer layer = DiffLayer.read(root);
    Map<String, Path> files = new HashMap<>(layer.files());
    for (Path file : layer.files().values()) {
      LayerMark.forget(file);
    }
    Set<String> opaque = opaque(layer);
    Set<String> whiteouts = new HashSet<>();
    for (String path : layer.whiteouts()) {
      if (below.containsKey(path)) {
        whiteouts.add(path);
      } else {
        Files.delete(Objects.requireNonNull(files.remove(path)));
      }
    }
    List<ManifestEntry> kept = new ArrayList<>();
    Set<String> needed = new HashSet<>();
    whiteouts.forEach(path -> needed.add(parent(path)));
    // What a directory holds sorts behind it, so backwards it is known whether anything is left.
    for (ManifestEntry entry : layer.entries().reversed()) {
      String path = entry.path();
      boolean directory = entry.type().equals("directory");
      boolean same = same(entry, opaque) && !path.equals("/");
      if (same && (directory ? !needed.contains(path) : !retimed(entry, files))) {
        Files.delete(Objects.requireNonNull(files.remove(path)));
      } else {
        kept.add(entry);
        needed.add(parent(path));
      }
    }
    return new DiffLayer(kept.reversed(), whiteouts, opaque, files);
  }

  /** The kernel marks every new directory, also where there is nothing to hide. */
  private Set<String> opaque(DiffLayer layer) throws IOException {
    Set<String> out = new HashSet<>();
    for (String path : layer.opaque()) {
      @Nullable ManifestEntry before = below.get(path);
      if (before != null && before.type().equals("directory")) {
        out.add(path);
      } else {
        LayerMark.uncover(Objects.requireNonNull(layer.files().get(path)));
      }
    }
    return out;
  }

  private boolean same(ManifestEntry entry, Set<String> opaque) {
    @Nullable ManifestEntry before = below.get(entry.path());
    if (before == null || !entry.sameObject(before) || opaque.contains(entry.path())) {
      return false;
    }
    for (String at = entry.path(); !at.equals("/"); at = parent(at)) {
      if (opaque.contains(parent(at))) {
        return false;
      }
    }
    return !opaque.contains("/");
  }

  /**
   * Equal content is not enough where a package manager checks the time, and because Python's
   * compiled files name that of their source.
   */
  private boolean retimed(ManifestEntry entry, Map<String, Path> files) throws IOException {
    String path = entry.path();
    if (!entry.type().equals("file") || (!path.endsWith(".py") && !timed.test(path))) {
      return false;
    }
    FileTime now =
        Files.getLastModifiedTime(
            Objects.requireNonNull(files.get(path)), LinkOption.NOFOLLOW_LINKS);
    return !lower.modified(path.substring(1)).equals(Optional.of(now));
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
