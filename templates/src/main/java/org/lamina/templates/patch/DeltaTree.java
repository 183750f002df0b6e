package org.lamina.templates.patch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a container's layers hold, as one tree. Immutable once filled; then thread safe. */
public final class DeltaTree {
  private final TreeMap<String, DeltaEntry> entries = new TreeMap<>();
  private final Map<String, String> raw = new HashMap<>();

  DeltaTree() {}

  /** As {@link DeltaScan} would return it, for tests and callers with a list of their own. */
  public static DeltaTree of(List<DeltaEntry> entries) {
    DeltaTree out = new DeltaTree();
    entries.forEach(e -> out.add(e, e.path()));
    return out;
  }

  /**
   * @param rawPath see {@link RawNames}
   */
  void add(DeltaEntry entry, String rawPath) {
    entries.put(entry.path(), entry);
    if (!rawPath.equals(entry.path())) {
      raw.put(entry.path(), rawPath);
    }
  }

  /** Sorted by path. */
  public List<DeltaEntry> entries() {
    return List.copyOf(entries.values());
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public @Nullable DeltaEntry at(String path) {
    return entries.get(path);
  }

  /** Whether the container's layers have anything at the path, a deletion included. */
  public boolean holds(String path) {
    return entries.containsKey(path);
  }

  /** Entries below a directory, not the directory itself. */
  public List<DeltaEntry> below(String directory) {
    return List.copyOf(entries.subMap(directory + "/", directory + "0").values());
  }

  /** The nearest directory above that hides what lower layers have, or what is no directory. */
  public @Nullable DeltaEntry hider(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      @Nullable DeltaEntry above = entries.get(path.substring(0, slash));
      if (above != null && above.kind() != DeltaEntry.Kind.DIRECTORY) {
        return above;
      }
    }
    return null;
  }

  String rawPath(String path) {
    return Objects.requireNonNullElse(raw.get(path), path);
  }

  /** Whether the text of this path is the raw one, in which each character is a byte. */
  boolean isRaw(String path) {
    return raw.containsKey(path);
  }
}
