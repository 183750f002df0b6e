package org.lamina.templates.rpm;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.GuestSetup;
import org.lamina.templates.tree.RootTree;

/**
 * Turns a fresh root of the rpm family into a template: takes out what belongs to one machine, to
 * the build or to the host, and puts in what every container needs. File operations only.
 */
final class RpmCustomiser {
  private static final String FILE = "rw-r--r--";
  private static final String UNITS = "/usr/lib/systemd/system/";

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
          "etc/.pwd.lock",
          "etc/.updated",
          "var/.updated",
          "var/cache/dnf",
          "var/cache/yum",
          "var/cache/ldconfig/aux-cache",
          "var/lib/dbus/machine-id",
          "var/lib/systemd/credential.secret",
          "var/lib/systemd/random-seed",
          "var/lib/logrotate/logrotate.status",
          "var/lib/NetworkManager/secret_key",
          "var/lib/NetworkManager/NetworkManager.state",
          "var/log/dnf.log",
          "var/log/dnf.librepo.log",
          "var/log/dnf.rpm.log",
          "var/log/hawkey.log",
          "var/log/yum.log",
          // The locks and shared memory of a Berkeley database that nobody has open.
          "var/lib/rpm/__db.001",
          "var/lib/rpm/__db.002",
          "var/lib/rpm/__db.003");

  private static final List<String> EMPTY =
      List.of("dev", "proc", "sys", "tmp", "var/tmp", "run", "var/log/journal");

  // The host sets the addresses of this link; no service inside may take them away again.
  private static final String NETWORK_MANAGER =
      """
      # The address of venet0 is set from outside of the container.
      [keyfile]
      unmanaged-devices=interface-name:venet0
      """;

  private static final String NETWORKD =
      """
      # The address of venet0 is set from outside of the container.
      [Match]
      Name=venet0

      [Link]
      Unmanaged=yes
      """;

  private static final String SYSCONFIG =
      """
      # The address of venet0 is set from outside of the container.
      DEVICE=venet0
      ONBOOT=no
      NM_CONTROLLED=no
      """;

  private RpmCustomiser() {}

  static void customise(RootTree tree, TemplateDefinition definition) throws IOException {
    for (String path : GONE) {
      tree.delete(path);
    }
    for (String path : EMPTY) {
      tree.clear(path, Set.of());
    }
    for (String kept : List.of("btmp", "wtmp", "lastlog")) {
      tree.truncate("var/log/" + kept);
    }
    tree.write("etc/machine-id", "", FILE);
    tree.write("etc/fstab", "", FILE);
    tree.write("etc/locale.conf", "LANG=C.UTF-8\n", FILE);
    network(tree);
    GuestSetup.lockRoot(tree);
    GuestSetup.hostKeys(tree);
    GuestSetup.console(tree);
    GuestSetup.systemd(tree, definition, UNITS);
    if (!makesHostKeys(tree)) {
      GuestSetup.makeHostKeys(tree);
    }
  }

  /**
   * For each service that could care about the link, that it must not; if it is installed or not.
   */
  private static void network(RootTree tree) throws IOException {
    tree.write("etc/NetworkManager/conf.d/00-lamina.conf", NETWORK_MANAGER, FILE);
    tree.write("etc/systemd/network/00-lamina.network", NETWORKD, FILE);
    if (tree.exists("etc/sysconfig/network-scripts")) {
      tree.write("etc/sysconfig/network-scripts/ifcfg-venet0", SYSCONFIG, FILE);
    }
    if (tree.exists("etc/sysconfig") && !tree.exists("etc/sysconfig/network")) {
      tree.write("etc/sysconfig/network", "NETWORKING=yes\n", FILE);
    }
  }

  /** The distributions bring units of their own for that; other packages of sshd may not. */
  private static boolean makesHostKeys(RootTree tree) throws IOException {
    for (String unit :
        List.of("sshd-keygen.target", "sshd-keygen@.service", "sshd-keygen.service")) {
      if (tree.exists(UNITS.substring(1) + unit)) {
        return true;
      }
    }
    return false;
  }
}
