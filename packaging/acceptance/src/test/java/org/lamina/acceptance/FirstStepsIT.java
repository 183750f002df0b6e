package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.lamina.schema.ExitCode;

/**
 * The six commands of the quick start, one after the other, and that repeating them is harmless.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstStepsIT {
  private LaminaHost host;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @Test
  @Order(1)
  void aTemplateIsBuiltFromTheDistribution() {
    host.ensureTemplate("debian-12");
    host.run("vzpkg", "create", "cache", "debian-12").ended(ExitCode.TEMPLATE_EXISTS);
    assertThat(host.run("vzpkg", "list").ok().stdout()).contains("debian-12");
  }

  @Test
  @Order(2)
  void aContainerIsMadeFromIt() {
    host.run("vzctl", "create", "101", "--ostemplate", "debian-12", "--hostname", "web1").ok();
    host.run("vzctl", "create", "101", "--ostemplate", "debian-12").ended(ExitCode.PRIVATE_EXISTS);
    assertThat(host.run("vzctl", "status", "101").ok().text())
        .isEqualTo("CTID 101 exist unmounted down");
  }

  @Test
  @Order(3)
  void itStartsAndSystemdSaysItRuns() {
    host.run("vzctl", "start", "101", "--wait").ok();
    host.run("vzctl", "start", "101").ended(ExitCode.ALREADY_RUNNING);
    assertThat(host.run("vzctl", "status", "101").ok().text())
        .isEqualTo("CTID 101 exist mounted running");
    assertThat(host.run("vzctl", "exec", "101", "systemctl is-system-running").ok().text())
        .isEqualTo("running");
    assertThat(host.run("vzctl", "exec", "101", "hostname").ok().text()).isEqualTo("web1");
  }

  @Test
  @Order(4)
  void limitsAreSetLive() {
    host.run("vzctl", "set", "101", "--ram", "512M", "--cpulimit", "50", "--save").ok();
    assertThat(host.run("vzlist", "-H", "-o", "cpulimit", "101").ok().text()).isEqualTo("50");
  }

  @Test
  @Order(5)
  void theListShowsIt() {
    assertThat(host.run("vzlist", "-a").ok().stdout().lines().toList())
        .hasSize(2)
        .last()
        .asString()
        .containsPattern("101 +[0-9]+ running .*web1");
  }

  @Test
  @Order(6)
  void itOutlivesTheDaemon() {
    String bootId = bootId();
    host.kill9();
    host.startDaemon();
    assertThat(bootId()).isEqualTo(bootId);
    host.restart();
    assertThat(bootId()).isEqualTo(bootId);
  }

  @Test
  @Order(7)
  void itStopsAndIsDestroyed() {
    host.run("vzctl", "stop", "101").ok();
    assertThat(host.run("vzctl", "status", "101").ok().text())
        .isEqualTo("CTID 101 exist unmounted down");
    host.run("vzctl", "destroy", "101").ok();
    assertThat(host.run("vzctl", "status", "101").ok().text())
        .isEqualTo("CTID 101 deleted unmounted down");
  }

  /** What tells one boot of init from another: the time its process started. */
  private String bootId() {
    return host.run("vzctl", "exec", "101", "cut -d' ' -f22 /proc/1/stat").ok().text();
  }
}
