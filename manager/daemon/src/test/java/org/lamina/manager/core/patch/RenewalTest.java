package org.lamina.manager.core.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.Ctid;

class RenewalTest {
  private static final Ctid CTID = new Ctid(101);

  private static StaleProcess process(String name, String unit) {
    return new StaleProcess(4711, name, unit, List.of("/usr/lib/libc.so.6"));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx,nginx.service,,vzctl exec 101 systemctl restart nginx.service",
    "systemd-logind,systemd-logind.service,,vzctl exec 101 systemctl restart systemd-logind.service",
    "systemd-journal,systemd-journald.service,,"
        + "vzctl exec 101 systemctl restart systemd-journald.service",
    "agetty,console-getty.service,,vzctl exec 101 systemctl restart console-getty.service",
    "agetty,getty@tty1.service,,vzctl exec 101 systemctl restart getty@tty1.service"
  })
  void services_areRestarted(String name, String unit, String none, String wayOut) {
    StaleProcess process = process(name, unit);
    assertThat(Renewal.of(List.of(process)).units()).containsExactly(unit);
    assertThat(Renewal.wayOut(CTID, process)).isEqualTo(wayOut);
  }

  @ParameterizedTest
  @CsvSource({
    "dbus-daemon,dbus.service,vzctl restart 101",
    "dbus-broker,dbus-broker.service,vzctl restart 101",
    "login,console-getty.service,vzctl exec 101 systemctl restart console-getty.service",
    "(sd-pam),user@1000.service,vzctl exec 101 systemctl restart user@1000.service",
    "bash,session-c3.scope,vzctl exec 101 loginctl terminate-session c3",
    "sshd,session-12.scope,vzctl exec 101 loginctl terminate-session 12",
    "dockerd,docker.service,vzctl exec 101 systemctl restart docker.service",
    "gdm3,gdm3.service,vzctl exec 101 systemctl restart gdm3.service",
    "tool,run-r1.scope,vzctl restart 101",
    "x,bad;rm.service,vzctl restart 101",
    "bash,,vzctl restart 101"
  })
  void whatARestartWouldHurt_isLeftAloneAndHasAWayOut(String name, String unit, String wayOut) {
    StaleProcess process = process(name, unit);
    assertThat(Renewal.of(List.of(process))).isEqualTo(Renewal.NONE);
    assertThat(Renewal.wayOut(CTID, process)).isEqualTo(wayOut);
  }

  @Test
  void managers_executeThemselvesAnew() {
    StaleProcess systemd = process("systemd", "init.scope");
    StaleProcess user = process("systemd", "user@0.service");
    Renewal renewal = Renewal.of(List.of(systemd, user, process("nginx", "user@0.service")));
    assertThat(renewal.init()).isTrue();
    assertThat(renewal.managers()).containsExactly("user@0.service");
    assertThat(renewal.units()).isEmpty();
    assertThat(Renewal.wayOut(CTID, systemd)).isEqualTo("vzctl exec 101 systemctl daemon-reexec");
    assertThat(Renewal.wayOut(CTID, process("init", "init.scope")))
        .isEqualTo("vzctl exec 101 telinit u");
    assertThat(Renewal.of(List.of(process("sleep", "init.scope")))).isEqualTo(Renewal.NONE);
    assertThat(Renewal.wayOut(CTID, process("sleep", "init.scope"))).isEqualTo("vzctl restart 101");
  }

  @Test
  void jobs_areThoseARestartWouldRunAgainOrMayNot() {
    assertThat(
            ServiceRestart.jobs(
                """
                Type=notify
                Id=nginx.service
                Transient=no

                Id=backup.service
                Type=oneshot

                Id=run-u1.service
                Type=simple
                Transient=yes

                Id=auditd.service
                RefuseManualStop=yes
                """))
        .containsExactly("auditd.service", "backup.service", "run-u1.service");
    assertThat(ServiceRestart.jobs("")).isEmpty();
  }
}
