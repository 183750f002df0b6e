package org.lamina.templates.patch.debian;

import java.util.List;
import java.util.regex.Pattern;
import org.lamina.templates.patch.merge.AccountMerge;

/** What paths of a Debian system mean to patching. Pure. */
final class DebianPaths {
  static final String DPKG = "var/lib/dpkg/";
  static final String STATUS = DPKG + "status";
  static final String DIVERSIONS = DPKG + "diversions";
  static final String STATOVERRIDE = DPKG + "statoverride";
  static final String INFO = DPKG + "info/";
  static final String UPDATES = DPKG + "updates";
  static final String ALTERNATIVES = DPKG + "alternatives/";
  static final String TRIGGERS = DPKG + "triggers/";
  static final String EXTENDED_STATES = "var/lib/apt/extended_states";

  private static final Pattern VOLATILE =
      Pattern.compile(
          "(run|tmp|dev|proc|sys|home|root|srv|mnt|media|var/(log|tmp|run|lock|backups|spool)"
              + "|var/cache/(apt|man|ldconfig|fontconfig|apparmor)|var/lib/apt/(lists|periodic)"
              + "|var/lib/(ucf/cache|systemd/(timers|random-seed|linger|coredump)))(/.*)?"
              + "|etc/(resolv\\.conf|hostname|hosts|machine-id|mtab|adjtime|fstab|\\.pwd\\.lock)"
              + "|etc/(passwd|group|shadow|gshadow|subuid|subgid)-"
              + "|etc/ssh/ssh_host_.*"
              + "|var/cache/debconf/.*-old|var/cache/debconf/passwords\\.dat"
              + "|var/lib/dpkg/(lock|lock-frontend|status-old|available|available-old"
              + "|diversions-old|statoverride-old|cmethopt|(updates|parts)(/.*)?|triggers/(Lock|Unincorp))");

  private static final Pattern DOCUMENTATION =
      Pattern.compile("usr/share/(doc|doc-base|man|info|locale|lintian|bug|gnome/help|help)(/.*)?");

  private DebianPaths() {}

  /** The container's own business. What it does not have of its own it gets all the same. */
  static boolean isVolatile(String path) {
    return VOLATILE.matcher(path).matches();
  }

  static boolean isDocumentation(String path) {
    return DOCUMENTATION.matcher(path).matches();
  }

  /** Whether the family knows how to merge the table at a path. */
  static boolean isTable(String path) {
    return AccountMerge.Table.of(path) != null
        || path.startsWith(ALTERNATIVES)
        || path.startsWith(TRIGGERS)
        || List.of(
                DIVERSIONS,
                STATOVERRIDE,
                DPKG + "arch",
                EXTENDED_STATES,
                "etc/ca-certificates.conf",
                "var/cache/debconf/config.dat",
                "var/cache/debconf/templates.dat")
            .contains(path);
  }

  /** Where dpkg puts the new version of an edited configuration file. */
  static String aside(String path) {
    return path + ".dpkg-dist";
  }

  /** The package of a file in dpkg's info directory, or nothing as text. */
  static String infoOwner(String path) {
    if (!path.startsWith(INFO) || path.indexOf('/', INFO.length()) > 0) {
      return "";
    }
    String file = path.substring(INFO.length());
    int dot = file.lastIndexOf('.');
    String owner = dot < 0 ? "" : file.substring(0, dot);
    int colon = owner.indexOf(':');
    return colon < 0 ? owner : owner.substring(0, colon);
  }
}
