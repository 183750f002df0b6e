package org.lamina.agent.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  @Test
  void namesStandAtTheirNumbers() {
    assertThat(Capabilities.NAMES).hasSize(41).doesNotHaveDuplicates();
    assertThat(Capabilities.NAMES.get(12)).isEqualTo("net_admin");
    assertThat(Capabilities.NAMES.get(21)).isEqualTo("sys_admin");
    assertThat(Capabilities.NAMES.get(25)).isEqualTo("sys_time");
    assertThat(Capabilities.NAMES.get(27)).isEqualTo("mknod");
    assertThat(Capabilities.NAMES.get(34)).isEqualTo("syslog");
    assertThat(Capabilities.NAMES.get(40)).isEqualTo("checkpoint_restore");
  }

  @Test
  void aPrivilegedContainerKeepsWhatAnInitNeeds() {
    List<String> kept =
        Capabilities.keptPrivileged(40).stream().map(Capabilities.NAMES::get).toList();
    assertThat(kept)
        .hasSize(26)
        .contains("sys_admin", "mknod", "net_admin", "audit_write", "sys_boot", "setpcap")
        .doesNotContain(
            "audit_read",
            "audit_control",
            "block_suspend",
            "bpf",
            "checkpoint_restore",
            "ipc_lock",
            "mac_admin",
            "mac_override",
            "perfmon",
            "syslog",
            "sys_module",
            "sys_pacct",
            "sys_rawio",
            "sys_time",
            "wake_alarm");
  }

  @Test
  void theArgumentNamesOnlyWhatTheKernelKnows() {
    assertThat(Capabilities.boundingSet(3))
        .isEqualTo("-all,+chown,+dac_override,+dac_read_search,+fowner");
    assertThat(Capabilities.boundingSet(40))
        .startsWith("-all,+chown,")
        .endsWith(",+setfcap")
        .doesNotContain("sys_time");
    assertThat(Capabilities.boundingSet(63)).isEqualTo(Capabilities.boundingSet(40));
  }

  @Test
  void whatIsNotKeptIsDropped_alsoOfAFutureKernel() {
    assertThat(Capabilities.dropped(40)).hasSize(41 - 26).contains(16, 25, 39).doesNotContain(21);
    assertThat(Capabilities.dropped(42)).contains(41, 42);
  }
}
