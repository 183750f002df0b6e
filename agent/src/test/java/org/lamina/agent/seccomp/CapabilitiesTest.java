package org.lamina.agent.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
        Capabilities.kept(40, Map.of()).stream().map(Capabilities.NAMES::get).toList();
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
    assertThat(Capabilities.boundingSet(3, Map.of()))
        .isEqualTo("-all,+chown,+dac_override,+dac_read_search,+fowner");
    assertThat(Capabilities.boundingSet(40, Map.of()))
        .startsWith("-all,+chown,")
        .endsWith(",+setfcap")
        .doesNotContain("sys_time");
    assertThat(Capabilities.boundingSet(63, Map.of()))
        .isEqualTo(Capabilities.boundingSet(40, Map.of()));
  }

  @Test
  void whatIsNotKeptIsDropped_alsoOfAFutureKernel() {
    assertThat(Capabilities.dropped(40, Map.of()))
        .hasSize(41 - 26)
        .contains(16, 25, 39)
        .doesNotContain(21);
    assertThat(Capabilities.dropped(42, Map.of())).contains(41, 42);
  }

  @Test
  void whatIsSwitched_isAddedOrTakenAway() {
    Map<String, Boolean> changes = Map.of("net_raw", false, "ipc_lock", true, "kill", true);
    assertThat(Capabilities.boundingSet(40, changes))
        .contains("+ipc_lock", "+kill")
        .doesNotContain("net_raw");
    assertThat(Capabilities.dropped(40, changes)).contains(13).doesNotContain(14, 5);
  }

  @Test
  void whatWouldChangeNothingOrLeaveNoContainer_isRefused() {
    assertThat(Capabilities.refusal("net_raw", false, false)).isNull();
    assertThat(Capabilities.refusal("net_raw", true, false)).isNull();
    assertThat(Capabilities.refusal("sys_admin", false, true)).contains("does not start");
    assertThat(Capabilities.refusal("sys_time", true, false)).contains("user namespace");
    assertThat(Capabilities.refusal("sys_time", true, true)).contains("filter");
    assertThat(Capabilities.refusal("ipc_lock", true, true)).isNull();
    assertThat(Capabilities.refusal("ipc_lock", true, false)).isNotNull();
  }
}
