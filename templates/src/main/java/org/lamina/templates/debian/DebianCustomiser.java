package org.lamina.templates.debian;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.GuestSetup;
import org.lamina.templates.tree.RootTree;

/**
 * Turns a fresh Debian root into a template: takes out what belongs to one machine, to the build or
 * to the host, and puts in what every container needs. File operations only.
 */
final class DebianCustomiser {
  private static final String FILE = "rw-r--r--";
  private static final String UNITS = "/lib/systemd/system/";

  private static final List<String> OF_THE_BUILD =
      List.of(
          "etc/apt/apt.conf.d/99mmdebstrap",
          "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
          "etc/apt/sources.list");

  /** What belongs to one machine or to the moment of the last package operation. */
  static final List<String> GONE =
      List.of(
          "etc/hostname",
          "etc/resolv.conf",
          "etc/passwd-",
          "etc/group-",
          "etc/shadow-",
          "etc/gshadow-",
          "etc/subuid-",
          "etc/subgid-",
          "var/cache/ldconfig/aux-cache",
          "var/cache/apt/pkgcache.bin",
          "var/cache/apt/srcpkgcache.bin",
          "var/lib/dbus/machine-id",
          "var/lib/dpkg/status-old",
          "var/lib/dpkg/available-old",
          "var/lib/dpkg/diversions-old",
          "var/lib/dpkg/statoverride-old",
          "var/cache/debconf/config.dat-old",
          "var/cache/debconf/templates.dat-old",
          "var/lib/systemd/credential.secret",
          "var/lib/systemd/random-seed",
          "var/lib/urandom/random-seed",
          "var/lib/logrotate/status");

  /** Written by the host, never by a build. */
  private static final List<String> EMPTY =
      List.of("dev", "proc", "sys", "tmp", "var/tmp", "etc/apt/sources.list.d");

  private static final String INTERFACES =
      """
      # interfaces(5) file used by ifup(8) and ifdown(8)
      source /etc/network/interfaces.d/*

      auto lo
      iface lo inet loopback
      """;

  private DebianCustomiser() {}

  static void customise(RootTree tree, TemplateDefinition definition) throws IOException {
    for (String path : OF_THE_BUILD) {
      tree.delete(path);
    }
    for (String path : GONE) {
      tree.delete(path);
    }
    for (String path : EMPTY) {
      tree.clear(path, Set.of());
    }
    tree.clear("run", Set.of("lock"));
    tree.clear("run/lock", Set.of());
    fetched(tree);
    logs(tree);
    tree.write("etc/machine-id", "", FILE);
    tree.write("etc/fstab", "", FILE);
    tree.write("etc/default/locale", "LANG=C.UTF-8\n", FILE);
    if (tree.exists("etc/network/interfaces.d")) {
      tree.write("etc/network/interfaces", INTERFACES, FILE);
    }
    GuestSetup.lockRoot(tree);
    GuestSetup.hostKeys(tree);
    GuestSetup.console(tree);
    if (definition.init().equals("systemd")) {
      GuestSetup.systemd(tree, definition, UNITS);
      GuestSetup.makeHostKeys(tree);
    } else {
      sysvinit(tree);
    }
  }

  /** What apt fetched. */
  static void fetched(RootTree tree) throws IOException {
    tree.clear("var/lib/apt/lists", Set.of("partial"));
    tree.clear("var/lib/apt/lists/partial", Set.of());
    tree.clear("var/cache/apt/archives", Set.of("partial"));
    tree.clear("var/cache/apt/archives/partial", Set.of());
  }

  private static void logs(RootTree tree) throws IOException {
    for (String kept : List.of("btmp", "wtmp", "lastlog", "faillog")) {
      tree.truncate("var/log/" + kept);
    }
    for (String log :
        List.of("alternatives.log", "bootstrap.log", "dpkg.log", "fontconfig.log", "syslog")) {
      tree.delete("var/log/" + log);
    }
    tree.clear("var/log/apt", Set.of());
    tree.clear("var/log/journal", Set.of());
  }

  /**
   * A login on the console instead of six screens, and power failure, the signal with which a
   * container is asked to stop, means an orderly end.
   */
  private static void sysvinit(RootTree tree) throws IOException {
    String table =
        tree.read("etc/inittab", 1 << 20).orElseThrow(() -> GuestSetup.missing("etc/inittab"));
    tree.rewrite("etc/inittab", Inittab.forContainer(table));
  }
}
