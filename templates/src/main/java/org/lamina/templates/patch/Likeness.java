package org.lamina.templates.patch;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.FileCapability;
import org.lamina.templates.tree.ManifestEntry;

/** Whether two objects are the same, as far as a container can tell. Pure. */
final class Likeness {
  private Likeness() {}

  /** Type and content, or target of a link. */
  static boolean content(@Nullable ManifestEntry a, @Nullable ManifestEntry b) {
    return a != null
        && b != null
        && a.type().equals(b.type())
        && Objects.equals(a.sha256(), b.sha256())
        && Objects.equals(a.target(), b.target());
  }

  /** Content, owner, mode and extended attributes; the mode of a link means nothing. */
  static boolean whole(@Nullable ManifestEntry a, @Nullable ManifestEntry b) {
    return a != null
        && b != null
        && content(a, b)
        && a.uid() == b.uid()
        && a.gid() == b.gid()
        && (a.type().equals("symlink") || a.mode().equals(b.mode()))
        && xattrs(a).equals(xattrs(b));
  }

  /** Marks of overlayfs belong to a layer, not to the object. */
  private static SortedMap<String, String> xattrs(ManifestEntry entry) {
    SortedMap<String, String> out = new TreeMap<>();
    if (entry.xattrs() != null) {
      entry.xattrs().forEach((k, v) -> out.put(k, FileCapability.plain(k, v)));
      out.keySet().removeIf(k -> k.startsWith("trusted.overlay."));
    }
    return out;
  }

  static boolean isDirectory(@Nullable ManifestEntry entry) {
    return entry != null && entry.type().equals("directory");
  }
}
