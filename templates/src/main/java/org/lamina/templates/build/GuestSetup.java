package org.lamina.templates.build;

import java.io.IOException;
import java.util.List;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.tree.RootTree;

/**
 * Steps that make a fresh root file system a template, whatever its family. File operations only.
 */
public final class GuestSetup {
  private static final String FILE = "rw-r--r--";
  private static final String UNITS = "etc/systemd/system/";

  private static final String HOST_KEYS =
      """
      [Unit]
      Description=SSH host keys of this container
      Before=ssh.service ssh.socket sshd.service sshd.socket
      ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

      [Service]
      Type=oneshot
      ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
      ExecStart=-/usr/bin/ssh-keygen -q -t ecdsa -N "" -f /etc/ssh/ssh_host_ecdsa_key

      [Install]
      WantedBy=multi-user.target
      """;

  private GuestSetup() {}

  /** A password that nothing matches; the operator sets one, or uses keys. */
  public static void lockRoot(RootTree tree) throws IOException {
    String shadow = tree.read("etc/shadow", 1 << 20).orElseThrow(() -> missing("etc/shadow"));
    String locked = shadow.replaceFirst("(?m)^root:[^:\\n]*:", "root:*:");
    if (!locked.equals(shadow)) {
      tree.rewrite("etc/shadow", locked);
    }
  }

  /** Removes keys that would be the same in every container. */
  public static void hostKeys(RootTree tree) throws IOException {
    for (String kind : List.of("rsa", "dsa", "ecdsa", "ed25519")) {
      tree.delete("etc/ssh/ssh_host_" + kind + "_key");
      tree.delete("etc/ssh/ssh_host_" + kind + "_key.pub");
    }
  }

  /** Old releases allow root only on terminals listed here. */
  public static void console(RootTree tree) throws IOException {
    String terminals = tree.read("etc/securetty", 1 << 20).orElse("");
    if (!terminals.isEmpty() && terminals.lines().noneMatch("console"::equals)) {
      tree.rewrite("etc/securetty", "console\n" + terminals);
    }
  }

  /**
   * A login on the console instead of on screens, and no unit that cannot work in a container.
   *
   * @param shipped directory of the distribution's own units, such as {@code /lib/systemd/system/}
   */
  public static void systemd(RootTree tree, TemplateDefinition definition, String shipped)
      throws IOException {
    tree.link(UNITS + "default.target", shipped + "multi-user.target");
    tree.delete(UNITS + "getty.target.wants/getty@tty1.service");
    tree.link(
        UNITS + "getty.target.wants/console-getty.service", shipped + "console-getty.service");
    for (String unit : definition.maskedUnits()) {
      tree.link(UNITS + unit, "/dev/null");
    }
  }

  /** Has each container make its own keys when it starts first. */
  public static void makeHostKeys(RootTree tree) throws IOException {
    if (tree.exists("etc/ssh/sshd_config")) {
      tree.write(UNITS + "lamina-host-keys.service", HOST_KEYS, FILE);
      tree.link(
          UNITS + "multi-user.target.wants/lamina-host-keys.service",
          "/etc/systemd/system/lamina-host-keys.service");
    }
  }

  /** For a file without which a root file system is none. */
  public static IOException missing(String path) {
    return new IOException("the built root file system has no usable " + path);
  }
}
