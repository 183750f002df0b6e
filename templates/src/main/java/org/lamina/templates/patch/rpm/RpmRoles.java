package org.lamina.templates.patch.rpm;

import static org.lamina.templates.patch.merge.ToolRules.rule;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.ConfigRule;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.Treatment;
import org.lamina.templates.patch.Treatment.Kind;
import org.lamina.templates.patch.merge.ToolRules;

/**
 * How each changed path is dealt with in a container that follows its template. Worked out once,
 * because a thousand containers ask. Thread safe.
 */
final class RpmRoles {
  /** What scriptlets and file triggers of packages make, beside the links of alternatives. */
  private static final ToolRules TOOLS =
      new ToolRules(
          rule("etc/ld\\.so\\.cache", "ldconfig"),
          rule("etc/pki/ca-trust/extracted/.*", "update-ca-trust", "extract"),
          rule("etc/udev/hwdb\\.bin|usr/lib/udev/hwdb\\.bin", "systemd-hwdb", "update"),
          rule("var/lib/systemd/catalog/database", "journalctl", "--update-catalog"),
          rule("usr/lib(64)?/gconv/gconv-modules\\.cache", "iconvconfig"),
          rule("usr/share/mime/(?!packages/).*", "update-mime-database", "/usr/share/mime"),
          rule("usr/share/applications/mimeinfo\\.cache", "update-desktop-database"),
          rule(
              "usr/share/glib-2\\.0/schemas/gschemas\\.compiled",
              "glib-compile-schemas",
              "/usr/share/glib-2.0/schemas"),
          rule(
              "usr/lib64/gio/modules/giomodule\\.cache",
              "gio-querymodules-64",
              "/usr/lib64/gio/modules"),
          rule(
              "usr/lib64/gdk-pixbuf-2\\.0/[^/]+/loaders\\.cache",
              "gdk-pixbuf-query-loaders-64",
              "--update-cache"),
          rule("(usr/share/icons/[^/]+)/icon-theme\\.cache", "gtk-update-icon-cache", "-f", "/$1"));

  private final Map<String, RpmHeader.PackagedFile> special;
  private final Map<String, Treatment> known = new ConcurrentHashMap<>();

  /**
   * @param special configuration files and ghosts of all packages of both generations, by path
   */
  RpmRoles(Map<String, RpmHeader.PackagedFile> special) {
    this.special = Map.copyOf(special);
  }

  Treatment of(PathChange change) {
    return known.computeIfAbsent(change.path(), path -> role(path, owner(change)));
  }

  boolean isConfiguration(String path) {
    RpmHeader.@Nullable PackagedFile file = special.get(path);
    return file != null && file.isConfiguration() && !file.isGhost();
  }

  /** An edited one makes way and is saved, unless the package says that it is not replaced. */
  ConfigRule configuration(String path) {
    RpmHeader.@Nullable PackagedFile file = special.get(path);
    return new ConfigRule(
        path + ".rpmnew",
        path + ".rpmsave",
        file != null && file.isNotReplaced(),
        false,
        file != null && file.mayBeMissing());
  }

  static List<String> tool(String path) {
    return TOOLS.command(path).orElseThrow();
  }

  private Treatment role(String path, @Nullable String owner) {
    if (RpmPaths.isVolatile(path)) {
      return new Treatment(Kind.VOLATILE, null);
    }
    if (RpmPaths.databaseFile(path) != null) {
      return new Treatment(Kind.DATABASE, null);
    }
    if (RpmPaths.isTable(path)) {
      return new Treatment(Kind.MERGE, null);
    }
    RpmHeader.@Nullable PackagedFile file = special.get(path);
    boolean made = owner == null || (file != null && file.isGhost());
    if (made && TOOLS.command(path).isPresent()) {
      return new Treatment(Kind.TOOL, null);
    }
    if (RpmPaths.isAlternativeLink(path)) {
      return new Treatment(Kind.LINK, owner);
    }
    if (isConfiguration(path)) {
      return new Treatment(Kind.CONFIG, owner);
    }
    boolean local = made && (path.startsWith("etc/") || path.startsWith("var/"));
    return new Treatment(local ? Kind.LOCAL : Kind.FILE, owner);
  }

  private static @Nullable String owner(PathChange change) {
    if (change.after() != null && change.after().owner() != null) {
      return change.after().owner();
    }
    return change.before() == null ? null : change.before().owner();
  }
}
