package org.lamina.templates.patch;

import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * Mode and owner of an object as the container sees them.
 *
 * @param mode four octal digits
 */
public record Attributes(String mode, int uid, int gid) {
  static Attributes of(ManifestEntry entry) {
    return new Attributes(entry.mode(), entry.uid(), entry.gid());
  }

  /** What the container changed stays, each attribute by itself; the rest is the template's. */
  static Attributes merge(@Nullable ManifestEntry base, ManifestEntry mine, ManifestEntry next) {
    if (base == null) {
      return of(next);
    }
    return new Attributes(
        mine.mode().equals(base.mode()) ? next.mode() : mine.mode(),
        mine.uid() == base.uid() ? next.uid() : mine.uid(),
        mine.gid() == base.gid() ? next.gid() : mine.gid());
  }
}
