package org.lamina.templates.patch.debian;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.merge.KeyedMerge;
import org.lamina.templates.patch.merge.Stance;

/**
 * What a container's package database must say after it moved to a new generation: three-way by
 * package. Pure.
 */
final class StatusMerge {
  private StatusMerge() {}

  /**
   * @param stances by key, for every package that differs between the generations
   */
  static DpkgStatus merge(StatusDiff diff, DpkgStatus mine, Map<String, Stance> stances) {
    Map<String, Stanza> out =
        KeyedMerge.merge(
            diff.base().packages(),
            mine.packages(),
            diff.next().packages(),
            (key, b, m, n) -> {
              @Nullable Stance stance = stances.get(key);
              return conflict(b, m, n, stance == null ? unchanged(b, m) : stance);
            });
    return new DpkgStatus(out);
  }

  /** The template has the same version as before, only told in other words. */
  private static Stance unchanged(@Nullable Stanza base, @Nullable Stanza mine) {
    boolean same =
        DpkgStatus.isInstalled(mine) && DpkgStatus.version(mine).equals(DpkgStatus.version(base));
    return same ? Stance.FOLLOWS : Stance.OWN_NEWER;
  }

  /** Both the container and the template changed the paragraph. */
  private static @Nullable Stanza conflict(
      @Nullable Stanza base, @Nullable Stanza mine, @Nullable Stanza next, Stance stance) {
    return switch (stance) {
      case ABSENT, OWN_NEWER, OWN_OLDER, HELD -> mine;
      case FOLLOWS, SAME -> {
        if (next == null) {
          yield null;
        }
        if (mine == null) {
          yield base == null ? next : null;
        }
        yield withSelection(next, base, mine);
      }
    };
  }

  /** Holds and other wishes are the container's even where the version is the template's. */
  private static Stanza withSelection(Stanza next, @Nullable Stanza base, Stanza mine) {
    String wanted = DpkgStatus.wanted(mine);
    boolean own = !wanted.equals(base == null ? "install" : DpkgStatus.wanted(base));
    if (!own || wanted.isEmpty() || !DpkgStatus.isInstalled(mine)) {
      return next;
    }
    String[] words = next.field("Status", "install ok installed").split(" ", 2);
    return next.with("Status", wanted + " " + (words.length > 1 ? words[1] : "ok installed"));
  }

  /** How the container stands to each package that differs between the generations. */
  static Map<String, Stance> stances(StatusDiff diff, DpkgStatus mine) {
    Map<String, Stance> out = new LinkedHashMap<>();
    for (String key : diff.changed()) {
      out.put(
          key,
          stance(
              diff.base().packages().get(key),
              mine.packages().get(key),
              diff.next().packages().get(key)));
    }
    return out;
  }

  private static Stance stance(
      @Nullable Stanza base, @Nullable Stanza mine, @Nullable Stanza next) {
    if (!DpkgStatus.isInstalled(base)) {
      return fresh(mine, next);
    }
    if (!DpkgStatus.isInstalled(mine) && !DpkgStatus.isBroken(mine)) {
      return Stance.ABSENT;
    }
    String version = DpkgStatus.version(mine);
    if (version.equals(DpkgStatus.version(base))) {
      return DpkgStatus.wanted(mine).equals("hold") && !DpkgStatus.wanted(base).equals("hold")
          ? Stance.HELD
          : Stance.FOLLOWS;
    }
    return next == null ? Stance.OWN_NEWER : compared(version, DpkgStatus.version(next));
  }

  /** A package new in the template: what the container removed once comes back as a dependency. */
  private static Stance fresh(@Nullable Stanza mine, @Nullable Stanza next) {
    if (!DpkgStatus.isInstalled(mine) && !DpkgStatus.isBroken(mine)) {
      return Stance.FOLLOWS;
    }
    return compared(DpkgStatus.version(mine), DpkgStatus.version(next));
  }

  private static Stance compared(String own, String next) {
    int order = DebianVersion.compare(own, next);
    return order == 0 ? Stance.SAME : order > 0 ? Stance.OWN_NEWER : Stance.OWN_OLDER;
  }
}
