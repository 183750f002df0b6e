package org.lamina.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.HostFeature;
import org.lamina.agent.HostFeature.Verdict;

class HostFactsTest {
  @TempDir Path root;

  @Test
  void controllers_areLookedForOnBothLayouts() throws IOException {
    assertThat(facts().controllers().verdict()).isEqualTo(Verdict.VITAL);
    write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
    assertThat(facts().controllers().verdict()).isEqualTo(Verdict.GOOD);
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids");
    assertThat(facts().controllers().verdict()).isEqualTo(Verdict.LACKING);
    assertThat(facts().controllers().found()).isEqualTo("not there: cpuset io");
    Files.createDirectories(root.resolve("sys/fs/cgroup/cpuset"));
    Files.createDirectories(root.resolve("sys/fs/cgroup/blkio"));
    assertThat(facts().controllers().verdict()).isEqualTo(Verdict.GOOD);
  }

  @Test
  void nestedNamespaces_areOnlyToldOfWhereTheyAreForbidden() throws IOException {
    assertThat(facts().nestedNamespaces()).isEmpty();
    write("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
    assertThat(facts().nestedNamespaces().orElseThrow().advice())
        .contains("apparmor_restrict_unprivileged_userns=0");
    write("proc/sys/kernel/unprivileged_userns_clone", "0\n");
    assertThat(facts().nestedNamespaces().orElseThrow().advice())
        .contains("unprivileged_userns_clone=1");
  }

  @Test
  void projectQuota_isThatOfTheDiskBelowTheState() throws IOException {
    write(
        "proc/self/mountinfo",
        """
        20 1 8:1 / / rw - ext4 /dev/vda1 rw,errors=remount-ro
        21 20 8:2 / /var/lib rw - ext4 /dev/vdb rw,prjquota
        22 20 8:3 / /srv rw - btrfs /dev/vdc rw
        23 20 8:4 / /boot rw - vfat /dev/vdd rw
        """);
    assertThat(facts().projectQuota(Path.of("/var/lib/lamina")).verdict()).isEqualTo(Verdict.GOOD);
    HostFeature onRoot = facts().projectQuota(Path.of("/home/lamina"));
    assertThat(onRoot.verdict()).isEqualTo(Verdict.LACKING);
    assertThat(onRoot.advice()).contains("tune2fs -O project,quota /dev/vda1");
    assertThat(facts().projectQuota(Path.of("/srv/x")).verdict()).isEqualTo(Verdict.GOOD);
    assertThat(facts().projectQuota(Path.of("/boot/x")).advice()).contains("image");
  }

  @Test
  void security_namesWhatThereIs() throws IOException {
    assertThat(facts().security().found()).isEqualTo("unknown");
    write("sys/module/apparmor/parameters/enabled", "Y\n");
    assertThat(facts().security().found()).isEqualTo("apparmor");
    write("sys/kernel/security/lsm", "lockdown,capability,yama,apparmor");
    assertThat(facts().security().found()).contains("yama");
  }

  private HostFacts facts() {
    return new HostFacts(root);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
