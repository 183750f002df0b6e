package org.lamina.templates.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.ChangeKind;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.tree.ManifestEntry;

/** Compares two generations by what is written about them. Pure. */
final class GenerationDiffs {
  private GenerationDiffs() {}

  /**
   * Sorted by path; which package owns a path is no difference.
   *
   * @param timed whether a file of a package at another time is another file
   */
  static List<PathChange> paths(List<ManifestEntry> from, List<ManifestEntry> to, boolean timed) {
    Map<String, ManifestEntry> old = byPath(from);
    Map<String, ManifestEntry> now = byPath(to);
    SortedSet<String> all = new TreeSet<>(old.keySet());
    all.addAll(now.keySet());
    List<PathChange> out = new ArrayList<>();
    for (String path : all) {
      @Nullable ManifestEntry before = old.get(path);
      @Nullable ManifestEntry after = now.get(path);
      if (before == null
          || after == null
          || !before.sameObject(after)
          || (timed && after.owner() != null && !before.sameTime(after))) {
        out.add(new PathChange(path.substring(1), kind(before, after), before, after));
      }
    }
    return out;
  }

  private static ChangeKind kind(@Nullable ManifestEntry before, @Nullable ManifestEntry after) {
    if (before == null) {
      return ChangeKind.ADDED;
    }
    if (after == null) {
      return ChangeKind.REMOVED;
    }
    return before.type().equals(after.type()) ? ChangeKind.CHANGED : ChangeKind.TYPE_CHANGED;
  }

  private static Map<String, ManifestEntry> byPath(List<ManifestEntry> entries) {
    Map<String, ManifestEntry> out = new TreeMap<>();
    entries.forEach(e -> out.put(e.path(), e));
    return out;
  }

  /**
   * Sorted by name, then architecture.
   *
   * @param between generations above the lower and up to the higher number; a package counts as
   *     changed for security if it did in one of them
   */
  static List<PackageChange> packages(
      GenerationMeta from, GenerationMeta to, List<GenerationMeta> between) {
    return from.packageSet()
        .changesTo(
            to.packageSet(),
            (name, _, _) ->
                between.stream()
                    .flatMap(g -> g.changesOrNone().stream())
                    .anyMatch(c -> c.name().equals(name) && c.security()));
  }
}
