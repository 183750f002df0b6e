package org.lamina.templates.patch.debian;

import static org.lamina.templates.patch.merge.ToolRules.rule;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.merge.ToolRules;

/**
 * A file that a tool makes out of others: taken from the template where the container has not made
 * its own, else made anew inside.
 *
 * @param path of the file
 * @param command to run inside, word by word
 */
public record DerivedFile(String path, List<String> command) {
  private static final ToolRules RULES =
      new ToolRules(
          rule("etc/ld\\.so\\.cache", "ldconfig"),
          rule("etc/ssl/certs/.*", "update-ca-certificates"),
          rule("etc/udev/hwdb\\.bin|usr/lib/udev/hwdb\\.bin", "systemd-hwdb", "update"),
          rule("var/lib/systemd/catalog/database", "journalctl", "--update-catalog"),
          rule("etc/shells", "update-shells"),
          rule("etc/mailcap", "update-mime"),
          rule("usr/lib/locale/locale-archive", "locale-gen"),
          rule("usr/share/info/dir(\\.old)?", "update-info-dir"),
          rule("usr/share/mime/.*", "update-mime-database", "/usr/share/mime"),
          rule("usr/share/applications/mimeinfo\\.cache", "update-desktop-database"),
          rule(
              "usr/share/glib-2\\.0/schemas/gschemas\\.compiled",
              "glib-compile-schemas",
              "/usr/share/glib-2.0/schemas"),
          rule("usr/lib/([^/]+/)?gconv/gconv-modules\\.cache", "iconvconfig"),
          rule(
              "(usr/lib/[^/]+)/gio/modules/giomodule\\.cache",
              "/$1/glib-2.0/gio-querymodules",
              "/$1/gio/modules"),
          rule(
              "(usr/lib/[^/]+)/gdk-pixbuf-2\\.0/[^/]+/loaders\\.cache",
              "/$1/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders",
              "--update-cache"),
          rule("(usr/share/icons/[^/]+)/icon-theme\\.cache", "gtk-update-icon-cache", "-f", "/$1"));

  private static final Pattern ALTERNATIVE = Pattern.compile("etc/alternatives/([^/]+)");

  /** How the file at a path is made, if it is made by a tool. */
  public static Optional<DerivedFile> of(String path) {
    return RULES.command(path).map(command -> new DerivedFile(path, command));
  }

  /** The package whose tool makes a file or reads its settings, where a system may be without. */
  static @Nullable String maker(String path) {
    return path.startsWith("etc/ssl/certs/") || path.equals("etc/ca-certificates.conf")
        ? "ca-certificates"
        : null;
  }

  /** Whether the path is a link that update-alternatives keeps. */
  static boolean isAlternative(String path) {
    return ALTERNATIVE.matcher(path).matches() && !path.endsWith("/README");
  }
}
