package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.tree.RootTree;

class RpmCustomiserTest {
  private static final List<String> LEFT_BY_A_BUILD =
      List.of(
          "etc/hostname",
          "etc/resolv.conf",
          "etc/passwd-",
          "etc/.pwd.lock",
          "etc/ssh/ssh_host_ed25519_key",
          "etc/ssh/ssh_host_rsa_key.pub",
          "var/cache/dnf/x.solv",
          "var/cache/yum/x",
          "var/lib/dbus/machine-id",
          "var/lib/systemd/random-seed",
          "var/lib/NetworkManager/secret_key",
          "var/lib/rpm/__db.001",
          "var/log/dnf.log",
          "run/x",
          "tmp/x",
          "dev/null");

  @TempDir private Path root;
  private RootTree tree;

  @BeforeEach
  void freshRoot() throws IOException {
    tree = new RootTree(root);
    for (String path : LEFT_BY_A_BUILD) {
      tree.write(path, "from the host", "rw-r--r--");
    }
    tree.write("etc/machine-id", "from the host", "rw-r--r--");
    tree.write("var/log/wtmp", "x", "rw-rw-r--");
    tree.write("etc/ssh/sshd_config", "x", "rw-r--r--");
    tree.write("var/lib/rpm/rpmdb.sqlite", "database", "rw-r--r--");
    tree.write(
        "etc/shadow", "root:$y$secret:1:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n", "rw-r-----");
  }

  private void customise() throws IOException {
    RpmCustomiser.customise(
        tree,
        new TemplateDefinition(
            "t",
            "s",
            "rpm",
            "9",
            List.of(),
            List.of(),
            List.of("bash"),
            "systemd",
            List.of("usr"),
            "",
            List.of("dev-hugepages.mount")));
  }

  @Test
  void nothingOfTheHostOrTheBuildRemains() throws IOException {
    customise();
    assertThat(LEFT_BY_A_BUILD).allSatisfy(p -> assertThat(root.resolve(p)).doesNotExist());
    assertThat(List.of("etc/machine-id", "etc/fstab", "var/log/wtmp"))
        .allSatisfy(path -> assertThat(root.resolve(path)).isEmptyFile());
    assertThat(root.resolve("etc/shadow"))
        .hasContent("root:*:1:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n");
    assertThat(root.resolve("etc/ssh/sshd_config")).hasContent("x");
    assertThat(root.resolve("var/lib/rpm/rpmdb.sqlite")).hasContent("database");
  }

  @Test
  void noServiceTakesTheContainersAddressesAway() throws IOException {
    customise();
    assertThat(root.resolve("etc/NetworkManager/conf.d/00-lamina.conf"))
        .content()
        .contains("unmanaged-devices=interface-name:venet0");
    assertThat(root.resolve("etc/systemd/network/00-lamina.network"))
        .content()
        .contains("Name=venet0", "Unmanaged=yes");
    assertThat(root.resolve("etc/sysconfig")).as("a system without it").doesNotExist();
  }

  @Test
  void theOldScriptsLeaveItAloneWhereThereAreSome() throws IOException {
    Files.createDirectories(root.resolve("etc/sysconfig/network-scripts"));
    customise();
    assertThat(root.resolve("etc/sysconfig/network-scripts/ifcfg-venet0"))
        .content()
        .contains("DEVICE=venet0", "ONBOOT=no", "NM_CONTROLLED=no");
    assertThat(root.resolve("etc/sysconfig/network")).hasContent("NETWORKING=yes");

    tree.write("etc/sysconfig/network", "HOSTNAME=x\n", "rw-r--r--");
    customise();
    assertThat(root.resolve("etc/sysconfig/network")).hasContent("HOSTNAME=x");
  }

  @Test
  void aContainerHasAConsoleAndItsOwnHostKeys() throws IOException {
    customise();
    Path units = root.resolve("etc/systemd/system");
    assertThat(Files.readSymbolicLink(units.resolve("default.target")))
        .hasToString("/usr/lib/systemd/system/multi-user.target");
    assertThat(units.resolve("getty.target.wants/console-getty.service")).isSymbolicLink();
    assertThat(Files.readSymbolicLink(units.resolve("dev-hugepages.mount")))
        .hasToString("/dev/null");
    assertThat(units.resolve("lamina-host-keys.service")).exists();
  }

  @Test
  void aDistributionThatMakesHostKeysItselfDoesSo() throws IOException {
    tree.write("usr/lib/systemd/system/sshd-keygen@.service", "", "rw-r--r--");
    customise();
    assertThat(root.resolve("etc/systemd/system/lamina-host-keys.service")).doesNotExist();
  }
}
