package org.lamina.templates.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.RootTree;

class DebianCustomiserTest {
  @TempDir private Path root;
  private RootTree tree;

  @BeforeEach
  void freshRoot() throws IOException {
    tree = new RootTree(root);
    for (String path :
        List.of(
            "etc/hostname",
            "etc/resolv.conf",
            "etc/ssh/ssh_host_rsa_key",
            "etc/ssh/ssh_host_ed25519_key.pub",
            "etc/apt/apt.conf.d/99mmdebstrap",
            "etc/apt/sources.list",
            "etc/apt/sources.list.d/0000x.list",
            "var/lib/dbus/machine-id",
            "var/lib/systemd/random-seed",
            "var/lib/apt/lists/x_Packages",
            "var/cache/apt/archives/x.deb",
            "var/log/dpkg.log",
            "var/log/apt/term.log",
            "run/x",
            "tmp/x",
            "dev/null",
            "etc/machine-id")) {
      tree.write(path, "from the host", "rw-r--r--");
    }
    tree.write("var/log/wtmp", "x", "rw-rw-r--");
    tree.write("etc/ssh/sshd_config", "x", "rw-r--r--");
    tree.write("etc/fstab", "# UNCONFIGURED\n", "rw-r--r--");
    tree.write(
        "etc/shadow", "root:$y$secret:1:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n", "rw-r-----");
    tree.write("etc/systemd/system/getty.target.wants/getty@tty1.service", "", "rw-r--r--");
  }

  private static TemplateDefinition definition(String init) {
    return new TemplateDefinition(
        "t",
        "s",
        "debian",
        "x",
        List.of("x"),
        List.of("main"),
        List.of("apt"),
        init,
        List.of("usr"),
        "minbase",
        List.of("dev-hugepages.mount"));
  }

  @Test
  void nothingOfTheHostOrTheBuildRemains() throws IOException {
    DebianCustomiser.customise(tree, definition("systemd"));

    assertThat(
            List.of(
                "etc/hostname",
                "etc/resolv.conf",
                "etc/ssh/ssh_host_rsa_key",
                "etc/ssh/ssh_host_ed25519_key.pub",
                "etc/apt/apt.conf.d/99mmdebstrap",
                "etc/apt/sources.list",
                "etc/apt/sources.list.d/0000x.list",
                "var/lib/dbus/machine-id",
                "var/lib/systemd/random-seed",
                "var/lib/apt/lists/x_Packages",
                "var/cache/apt/archives/x.deb",
                "var/log/dpkg.log",
                "var/log/apt/term.log",
                "run/x",
                "tmp/x",
                "dev/null",
                "etc/systemd/system/getty.target.wants/getty@tty1.service"))
        .allSatisfy(path -> assertThat(root.resolve(path)).doesNotExist());
    assertThat(List.of("etc/machine-id", "etc/fstab", "var/log/wtmp"))
        .allSatisfy(path -> assertThat(root.resolve(path)).isEmptyFile());
    assertThat(root.resolve("etc/shadow"))
        .hasContent("root:*:1:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n");
    assertThat(root.resolve("etc/ssh/sshd_config")).hasContent("x");
  }

  @Test
  void aContainerHasAConsoleAndItsOwnHostKeys() throws IOException {
    DebianCustomiser.customise(tree, definition("systemd"));

    Path units = root.resolve("etc/systemd/system");
    assertThat(Files.readSymbolicLink(units.resolve("default.target")).toString())
        .endsWith("/multi-user.target");
    assertThat(units.resolve("getty.target.wants/console-getty.service")).isSymbolicLink();
    assertThat(Files.readSymbolicLink(units.resolve("dev-hugepages.mount")).toString())
        .isEqualTo("/dev/null");
    assertThat(Files.readString(units.resolve("lamina-host-keys.service")))
        .contains("Before=ssh.service")
        .contains("-t ed25519");
    assertThat(units.resolve("multi-user.target.wants/lamina-host-keys.service")).isSymbolicLink();
  }

  @Test
  void sysvinitGetsItsTable() throws IOException {
    tree.write(
        "etc/inittab",
        """
        id:2:initdefault:
        si::sysinit:/etc/init.d/rcS
        pf::powerwait:/etc/init.d/powerfail start
        pn::powerfailnow:/etc/init.d/powerfail now
        1:2345:respawn:/sbin/getty --noclear 38400 tty1
        6:23:respawn:/sbin/getty 38400 tty6
        #T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100
        """,
        "rw-r--r--");
    DebianCustomiser.customise(tree, definition("sysvinit"));

    String table = Files.readString(root.resolve("etc/inittab"));
    assertThat(table)
        .contains("id:2:initdefault:\nsi::sysinit:/etc/init.d/rcS\n")
        .contains("#T0:23")
        .contains("getty --noclear --keep-baud console")
        .contains("pf::powerfail:/sbin/shutdown -h -P now")
        .doesNotContain("tty1")
        .doesNotContain("powerwait");
    assertThat(Inittab.forContainer(table)).isEqualTo(table);
  }

  @Test
  void aRootWithoutAccountsIsNoTemplate() throws IOException {
    tree.delete("etc/shadow");
    assertThatThrownBy(() -> DebianCustomiser.customise(tree, definition("systemd")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("etc/shadow");
  }

  @Test
  void packagesAndOwnersComeFromDpkg() throws IOException {
    PackageSet packages =
        DpkgDatabase.packages(
            """
            Package: dpkg
            Status: install ok installed
            Architecture: amd64
            Version: 1.21

            Package: b
            Status: install ok installed
            Architecture: i386
            Version: 1:2-2

            Package: b
            Status: install ok installed
            Architecture: amd64
            Version: 1:2-3
            Description: x
             Version: no

            Package: gone
            Status: deinstall ok config-files
            Version: 1

            Package: a
            Status: hold ok installed
            Architecture: all
            Version: 7
            """);
    assertThat(packages.versions())
        .containsExactly(
            Map.entry("a", "7"),
            Map.entry("b", "1:2-3"),
            Map.entry("b:i386", "1:2-2"),
            Map.entry("dpkg", "1.21"));
    assertThat(packages.architectures()).containsEntry("a", "all").containsEntry("b:i386", "i386");

    tree.write("var/lib/dpkg/info/dash.list", "/.\n/bin\n/bin/sh\n/bin/dash\n", "rw-r--r--");
    tree.write("var/lib/dpkg/info/bash.list", "/bin/sh\n/etc/x\n", "rw-r--r--");
    tree.write("var/lib/dpkg/info/libc6:amd64.list", "/lib/l.so\n/library\n", "rw-r--r--");
    tree.write("var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.distrib\ndash\n", "rw-r--r--");
    tree.link("bin", "usr/bin");
    tree.link("lib", "usr/lib");

    assertThat(DpkgDatabase.owners(new LayerView(List.of(root))))
        .containsEntry("/usr/bin/sh", "dash")
        .containsEntry("/usr/bin/sh.distrib", "bash")
        .containsEntry("/usr/lib/l.so", "libc6")
        .containsEntry("/library", "libc6")
        .containsEntry("/etc/x", "bash")
        .containsEntry("/bin", "dash");
  }
}
