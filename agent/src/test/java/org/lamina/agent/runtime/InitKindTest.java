package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitKindTest {
  @ParameterizedTest
  @CsvSource({
    "/usr/lib/systemd/systemd, SYSTEMD, 38, 39",
    "/lib/systemd/systemd, SYSTEMD, 38, 39",
    "/usr/bin/openrc-init, OPENRC, 15, 2",
    "/bin/busybox, BUSYBOX, 12, 15",
    "/opt/my-init, OTHER, 15, 15",
    "/usr/bin/dash, OTHER, 15, 15",
  })
  void of_tellsInitsApartAndKnowsTheirSignals(
      String executable, InitKind kind, int powerOff, int reboot) {
    InitKind found = InitKind.of(executable);
    assertThat(found).isEqualTo(kind);
    assertThat(found.powerOffSignal()).hasValue(powerOff);
    assertThat(found.rebootSignal()).hasValue(reboot);
  }

  @Test
  void sysvinit_isAskedByCommandBecauseNoSignalWorksEverywhere() {
    InitKind found = InitKind.of("/sbin/init");
    assertThat(found).isEqualTo(InitKind.SYSVINIT);
    assertThat(found.powerOffSignal()).isEmpty();
    assertThat(found.powerOffCommand()).containsExactly("/sbin/init", "0");
    assertThat(found.rebootCommand()).containsExactly("/sbin/init", "6");
  }

  @Test
  void onlySystemdNotifies() {
    assertThat(InitKind.values()).filteredOn(InitKind::notifies).containsExactly(InitKind.SYSTEMD);
  }
}
