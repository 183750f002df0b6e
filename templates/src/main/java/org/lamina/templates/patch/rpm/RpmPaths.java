package org.lamina.templates.patch.rpm;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.merge.AccountMerge;

/** What paths of a system of the rpm family mean to patching. Pure. */
final class RpmPaths {
  /** Where the package database may lie, newest place first. */
  static final List<String> DATABASES = List.of("usr/lib/sysimage/rpm", "var/lib/rpm");

  /** The lock of every transaction. */
  static final String LOCK = ".rpm.lock";

  private static final Set<String> LOCK_FILES = Set.of(LOCK, ".dbenv.lock", ".migratedb");

  private static final List<String> ALTERNATIVES =
      List.of("var/lib/alternatives/", "etc/alternatives.admindir/");

  private static final Pattern VOLATILE =
      Pattern.compile(
          "(run|tmp|dev|proc|sys|home|root|srv|mnt|media|var/(log|tmp|run|lock|spool)"
              + "|var/cache/(dnf|libdnf5|yum|man|ldconfig|fontconfig|PackageKit)"
              + "|var/lib/(dnf|yum|PackageKit|logrotate|rpm-state)|usr/lib/sysimage/libdnf5"
              + "|var/lib/systemd/(timers|random-seed|linger|coredump))(/.*)?"
              + "|etc/(resolv\\.conf|hostname|hosts|machine-id|mtab|adjtime|fstab|\\.pwd\\.lock"
              + "|\\.updated)|var/\\.updated"
              + "|etc/(passwd|group|shadow|gshadow|subuid|subgid)-"
              + "|etc/ssh/ssh_host_.*");

  private static final Pattern DOCUMENTATION =
      Pattern.compile("usr/share/(doc|licenses|man|info|locale|help|gnome/help)(/.*)?");

  private RpmPaths() {}

  /** The container's own business. What it does not have of its own it gets all the same. */
  static boolean isVolatile(String path) {
    return VOLATILE.matcher(path).matches() || isLock(path);
  }

  static boolean isDocumentation(String path) {
    return DOCUMENTATION.matcher(path).matches();
  }

  /** Whether the family knows how to merge the table at a path. */
  static boolean isTable(String path) {
    return AccountMerge.Table.of(path) != null || isAlternative(path) || path.equals("etc/shells");
  }

  /** An administrative file of alternatives. */
  static boolean isAlternative(String path) {
    return ALTERNATIVES.stream().anyMatch(path::startsWith);
  }

  /** A link that alternatives keeps. */
  static boolean isAlternativeLink(String path) {
    return path.startsWith("etc/alternatives/");
  }

  private static boolean isLock(String path) {
    return DATABASES.stream()
        .anyMatch(
            d -> path.startsWith(d + "/") && LOCK_FILES.contains(path.substring(d.length() + 1)));
  }

  /** The name of a file of the package database below its directory; null if it is none. */
  static @Nullable String databaseFile(String path) {
    for (String directory : DATABASES) {
      if (path.startsWith(directory + "/")) {
        String name = path.substring(directory.length() + 1);
        return name.contains("/") || LOCK_FILES.contains(name) ? null : name;
      }
    }
    return null;
  }
}
