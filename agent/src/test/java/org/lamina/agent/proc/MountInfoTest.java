package org.lamina.agent.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountInfoTest {
  private static final List<String> CAPTURED =
      List.of(
          "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resuid=65534",
          "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd",
          "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
          "95 27 0:52 / /mnt/a\\040b\\011c\\134d rw,nosuid shared:7 master:1 - tmpfs none"
              + " rw,size=4k,mode=755",
          "97 27 0:54 /sub\\012dir /mnt/x rw unbindable - fuse.sshfs user@host:/p\\040q rw",
          "98 27 0:55 / /mnt/e rw - tmpfs  rw");

  @Test
  void readsWhatTheKernelWrites() {
    List<MountInfo> mounts = MountInfo.parse(CAPTURED);
    assertThat(mounts).hasSize(6);
    MountInfo systemd = mounts.get(1);
    assertThat(systemd.type()).isEqualTo("cgroup");
    assertThat(systemd.superOptions()).containsExactly("rw", "name=systemd");
    assertThat(systemd.propagation()).isEmpty();
    MountInfo odd = mounts.get(3);
    assertThat(odd.mountPoint()).isEqualTo("/mnt/a b\tc\\d");
    assertThat(odd.options()).containsExactly("rw", "nosuid");
    assertThat(odd.propagation()).containsExactly("shared:7", "master:1");
    assertThat(odd.id()).isEqualTo(95);
    assertThat(odd.parent()).isEqualTo(27);
    assertThat(odd.device()).isEqualTo("0:52");
    assertThat(mounts.get(4).root()).isEqualTo("/sub\ndir");
    assertThat(mounts.get(4).source()).isEqualTo("user@host:/p q");
    assertThat(mounts.get(5).source()).isEmpty();
    assertThat(mounts.get(5).superOptions()).containsExactly("rw");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "27 1 254:0 / / rw,relatime",
        "27 1 254:0 / / rw - ext4 /dev/vda",
        "x 1 254:0 / / rw - ext4 /dev/vda rw",
        "27 99999999999 254:0 / / rw - ext4 /dev/vda rw",
        "- - - - - - - - -"
      })
  void skipsWhatIsNoMount(String line) {
    assertThat(MountInfo.parse(List.of(line))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "\\040|' '",
        "a\\|a\\",
        "a\\04|a\\04",
        "\\999|\\999",
        "\\303\\244|ä",
        "\\400|\\400",
        "\\\\040|'\\ '"
      },
      delimiter = '|')
  void keepsBackslashesThatEscapeNothing(String in, String out) {
    assertThat(MountInfo.unescape(in)).isEqualTo(out);
  }
}
