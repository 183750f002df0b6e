package org.lamina.templates.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The manifest of layers from the manifest of all but the uppermost one. Pure. */
public final class MergedManifest {
  private MergedManifest() {}

  /**
   * @param below manifest of what the lower layers show together
   * @param layer what the new layer says
   * @param owners path to package in the merged view; a path may change hands without changing
   * @return sorted by path
   */
  public static List<ManifestEntry> of(
      List<ManifestEntry> below, DiffLayer layer, Map<String, String> owners) {
    NavigableMap<String, ManifestEntry> out = new TreeMap<>();
    below.forEach(e -> out.put(e.path(), e));
    for (String path : layer.whiteouts()) {
      out.remove(path);
      clear(out, path);
    }
    layer.opaque().forEach(path -> clear(out, path));
    for (ManifestEntry entry : layer.entries()) {
      if (!entry.type().equals("directory")) {
        clear(out, entry.path());
      }
      out.put(entry.path(), entry);
    }
    List<ManifestEntry> owned = new ArrayList<>(out.size());
    out.values().forEach(e -> owned.add(e.ownedBy(owners.get(e.path()))));
    return owned;
  }

  /** Everything that lies in a directory. */
  private static void clear(NavigableMap<String, ManifestEntry> entries, String directory) {
    String from = directory.equals("/") ? "/" : directory + "/";
    // The character after the slash, so that no other name is between the two.
    String to = from.substring(0, from.length() - 1) + (char) ('/' + 1);
    entries.subMap(from, !directory.equals("/"), to, false).clear();
  }
}
