package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskAndAccessValuesTest {
  @ParameterizedTest
  @CsvSource({
    "1G, 1073741824, 1073741824",
    "1048576, 1073741824, 1073741824", // KiB
    "1G:1.5G, 1073741824, 1610612736",
    "1G:unlimited, 1073741824, 9223372036854775807",
    "100M:104857600B, 104857600, 104857600",
  })
  void space_isSoftAndHard(String text, long soft, long hard) {
    assertThat(DiskLimits.space(text)).isEqualTo(new DiskLimits.Pair(soft, hard));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "1G:", ":1G", "2G:1G", "1:2:3", "-1", "1X", "99999999T"})
  void badSpace_isRefused(String text) {
    assertThatThrownBy(() -> DiskLimits.space(text)).isInstanceOf(LaminaException.class);
  }

  @Test
  void limits_areReadAsTheyWereWritten() {
    DiskLimits limits =
        DiskLimits.of(DiskLimits.space("2G:2.2G"), new DiskLimits.Pair(1000, Long.MAX_VALUE), 60);
    Map<String, @Nullable String> values = new HashMap<>();
    limits.render(values);
    assertThat(values)
        .containsEntry("DISKSPACE", "2097152:2306868")
        .containsEntry("DISKINODES", "1000:unlimited")
        .containsEntry("QUOTATIME", "60");
    assertThat(limits.with(DiskLimits.NONE)).isEqualTo(limits);
    assertThat(limits.with(DiskLimits.of(DiskLimits.space("1G"), null, null)).inodes())
        .isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fuse",
        "fuse:",
        "fuse:x",
        "fuse:m",
        "fuse:rwq",
        "../sda:r",
        "net/../sda:r",
        "a b:r",
        "/etc/passwd:r",
        "null:rw",
        "pts/0:rw",
        "-x:r",
        "fuse:r fuse:rw",
        ""
      })
  void badNodes_areRefused(String text) {
    assertThatThrownBy(() -> GuestAccess.nodes(text)).isInstanceOf(LaminaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "c:1", "x:1:2:r", "c:1:2:q", "c:-1:2:r", "c:99999:1:r", "c:1:x:r", "c:1:2"})
  void badDevices_areRefused(String text) {
    assertThatThrownBy(() -> GuestAccess.devices(text)).isInstanceOf(LaminaException.class);
  }

  @Test
  void aChange_replacesByNameAndTakesAway() {
    GuestAccess some =
        GuestAccess.NONE.with(
            new GuestAccess(
                GuestAccess.nodes("/dev/fuse:rwm,net/tun:r"),
                GuestAccess.devices("c:10:200:rw b:7:all:r"),
                GuestAccess.capabilities("CAP_NET_RAW:off kill:on"),
                GuestAccess.features("tun:on,ppp:off")));
    assertThat(some.nodesText()).isEqualTo("fuse:rw net/tun:r");
    assertThat(some.devicesText()).isEqualTo("c:10:200:rw b:7:all:r");
    assertThat(some.capabilitiesText()).isEqualTo("KILL:on NET_RAW:off");
    assertThat(some.featuresText()).isEqualTo("ppp:off tun:on");
    assertThat(some.allNodes()).as("a node of its own goes before a feature's").hasSize(2);
    GuestAccess less =
        some.with(
            new GuestAccess(
                GuestAccess.nodes("fuse:none net/tun:w"),
                GuestAccess.devices("b:7:all:none"),
                GuestAccess.capabilities("kill:off"),
                GuestAccess.features("fuse:on")));
    assertThat(less.nodesText()).isEqualTo("net/tun:w");
    assertThat(less.devicesText()).isEqualTo("c:10:200:rw");
    assertThat(less.capabilitiesText()).isEqualTo("KILL:off NET_RAW:off");
    assertThat(less.allNodes()).extracting(DeviceNode::name).containsExactly("net/tun", "fuse");
  }
}
