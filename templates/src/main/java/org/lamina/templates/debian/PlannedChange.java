package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;

/**
 * One package that apt would install, upgrade or remove.
 *
 * @param architecture empty for a removal of the native one, which apt does not name
 * @param from null if it is new
 * @param to null if it goes
 * @param origins archives that have the new version, as apt names them
 */
record PlannedChange(
    String name, String architecture, @Nullable String from, @Nullable String to, String origins) {
  private static final Pattern INSTALL =
      Pattern.compile(
          "Inst ([^ :]+)(?::[^ ]+)? (?:\\[([^\\]]+)\\] )?\\(([^ )]+) ?(.*?) ?\\[([^\\]]+)\\]\\).*");
  private static final Pattern REMOVE =
      Pattern.compile("(?:Remv|Purg) ([^ :]+)(?::([^ ]+))? \\[([^\\]]+)\\].*");

  /** Reads the output of {@code apt-get --simulate}. Pure. */
  static List<PlannedChange> parse(String simulation) {
    List<PlannedChange> out = new ArrayList<>();
    for (String line : simulation.lines().toList()) {
      Matcher install = INSTALL.matcher(line);
      Matcher remove = REMOVE.matcher(line);
      if (install.matches()) {
        out.add(
            new PlannedChange(
                install.group(1),
                install.group(5),
                install.group(2),
                install.group(3),
                install.group(4)));
      } else if (remove.matches()) {
        @Nullable String architecture = remove.group(2);
        out.add(
            new PlannedChange(
                remove.group(1),
                architecture == null ? "" : architecture,
                remove.group(3),
                null,
                ""));
      }
    }
    return out;
  }

  /**
   * @param installed to find out the architecture of what apt removes
   */
  PackageChange asChange(PackageSet installed, ArchiveVersions archive) {
    return new PackageChange(
        name,
        architecture.isEmpty() ? installed.architectures().getOrDefault(name, "") : architecture,
        from,
        to,
        security() || archive.security(name, from, to));
  }

  /** Whether an archive of security updates has the new version. */
  private boolean security() {
    for (String origin : origins.split(", ")) {
      if (origin.startsWith("Debian-Security:") || MirrorPlanner.isSecurity(origin)) {
        return true;
      }
    }
    return false;
  }
}
