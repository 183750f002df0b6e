package org.lamina.templates.patch.debian;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an update of a template changes in dpkg's status file: made once for all containers.
 * Immutable; thread safe.
 *
 * @param changed keys of the packages that are of another version, came or went; sorted
 */
record StatusDiff(DpkgStatus base, DpkgStatus next, List<String> changed) {
  StatusDiff {
    changed = List.copyOf(changed);
  }

  static StatusDiff of(DpkgStatus base, DpkgStatus next) {
    Set<String> keys = new TreeSet<>(base.packages().keySet());
    keys.addAll(next.packages().keySet());
    return new StatusDiff(
        base, next, keys.stream().filter(key -> differs(key, base, next)).toList());
  }

  private static boolean differs(String key, DpkgStatus base, DpkgStatus next) {
    var before = base.packages().get(key);
    var after = next.packages().get(key);
    return !DpkgStatus.version(before).equals(DpkgStatus.version(after))
        || DpkgStatus.isInstalled(before) != DpkgStatus.isInstalled(after);
  }
}
