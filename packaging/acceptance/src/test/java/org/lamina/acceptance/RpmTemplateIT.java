package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.lamina.schema.ExitCode;

/**
 * A system of the rpm family, built by dnf and rpm from real packages, booted and used like a
 * Debian one. The daemon runs in a network namespace of its own, which is "the host" here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RpmTemplateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ADDRESS = "10.9.0.71";

  private final NetworkLab lab = new NetworkLab();
  private RpmDistribution distribution;
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void build() {
    distribution = RpmDistribution.make();
    host = LaminaHost.start(lab.onHost(), TemplateRemains.OWN_TEMPLATES);
    assertThat(distribution.build(host).ok().text()).contains("was created");
    guest = new Guest(host, "2001");
    host.run(
            "vzctl",
            "create",
            guest.ctid(),
            "--ostemplate",
            RpmDistribution.NAME,
            "--hostname",
            "el9",
            "--ipadd",
            ADDRESS,
            "--nameserver",
            "192.0.2.2")
        .ok();
    guest.started();
  }

  @AfterAll
  void nothingIsLeft() {
    try {
      if (guest != null) {
        guest.destroy();
      }
      host.close();
      assertThat(lab.remains()).as("left on the host after its containers").isEmpty();
    } finally {
      lab.close();
    }
  }

  @Test
  @Order(1)
  void systemdSaysThatItRuns_andEveryServiceWithIt() {
    assertThat(guest.text("systemctl is-system-running")).isEqualTo("running");
    assertThat(guest.text("systemctl --failed --no-legend --plain")).isEmpty();
    assertThat(guest.text("systemctl is-active ssh cron rsyslog dbus.socket console-getty"))
        .isEqualTo("active\nactive\nactive\nactive\nactive");
    assertThat(guest.text("hostname; cat /etc/hostname")).isEqualTo("el9\nel9");
    assertThat(guest.text(". /etc/os-release; echo $ID_LIKE")).contains("centos");
    guest.sh("test -s /etc/machine-id && test -s /etc/ssh/ssh_host_ed25519_key").ok();
  }

  @Test
  @Order(2)
  void itsOwnRpmKnowsEveryPackage_andFindsNothingChanged() {
    assertThat(Integer.parseInt(guest.text("rpm -qa | wc -l"))).isGreaterThan(130);
    assertThat(guest.text("rpm -Va")).isEmpty();
    assertThat(guest.text("rpm -qf /usr/bin/bash")).startsWith("bash-");
    assertThat(guest.text("getcap /usr/bin/ping 2>/dev/null || rpm -V iputils"))
        .isIn("", "/usr/bin/ping cap_net_raw=ep");
    // Its own package manager works: something goes and the database follows.
    guest.sh("rpm -e site-legacy && ! rpm -q site-legacy && ! test -e /usr/share/site-legacy").ok();
  }

  @Test
  @Order(3)
  void addressAndNameServersHold_whateverServiceRunsInside() {
    assertThat(guest.text("ip -4 -o addr show venet0")).contains(ADDRESS);
    assertThat(guest.text("cat /etc/resolv.conf")).contains("nameserver 192.0.2.2");
    guest.sh("ping -c 1 -W 3 192.0.2.2").ok();
    guest.sh("systemctl start systemd-networkd").ok();
    guest.sh("networkctl --no-pager status venet0 | grep -q unmanaged").ok();
    guest.sh("systemctl restart systemd-networkd && ping -c 1 -W 3 192.0.2.2").ok();
    guest.vzctl("set", "--ipadd", "10.9.0.72", "--save").ok();
    assertThat(guest.text("ip -4 -o addr show venet0")).contains(ADDRESS, "10.9.0.72");
  }

  @Test
  @Order(4)
  void aPasswordIsSet() {
    assertThat(guest.text("grep ^root: /etc/shadow")).startsWith("root:*:");
    guest.vzctl("set", "--userpasswd", "root:a secret 42").ok();
    assertThat(guest.text("grep ^root: /etc/shadow")).startsWith("root:$");
    guest.sh("useradd -m somebody && su somebody -c 'test $(id -un) = somebody'").ok();
  }

  @Test
  @Order(5)
  void rebootAndShutdownWork() {
    int before = guest.init();
    var _ = guest.sh("systemctl reboot");
    comesBack(guest, before);
    assertThat(guest.text("hostname")).isEqualTo("el9");
    guest.sh("ping -c 1 -W 3 192.0.2.2").ok();
    guest.vzctl("stop").ok();
    assertThat(guest.statusLine()).endsWith("unmounted down");
    guest.started();
    var _ = guest.sh("systemctl poweroff");
    Guest.await("it is down", PATIENCE, () -> guest.statusLine().endsWith("down"));
  }

  @Test
  @Order(6)
  void whatCannotBeBuiltIsRefusedWithTheReason() {
    assertThat(
            host.run("vzpkg", "create", "cache", "debian-11", "--mirror", "http://127.0.0.1:9/")
                .ended(ExitCode.BAD_PARAMETER)
                .stderr())
        .contains("takes no mirror");
    assertThat(
            host.run("vzpkg", "create", "cache", "almalinux-9", "--mirror", "ssh://127.0.0.1/")
                .ended(ExitCode.BAD_PARAMETER)
                .stderr())
        .contains("bad mirror");
  }

  /** The same system, whose systemd works with either version; none that knows only the first. */
  @Test
  @Order(7)
  void whatKnowsOnlyTheFirstVersionOfControlGroupsGetsIt() {
    if (!mounted("name=systemd")) {
      assertThat(distribution.buildForV1(host).ended(ExitCode.NO_KERNEL_SUPPORT).stderr())
          .contains("control groups of the first version");
      return;
    }
    distribution.buildForV1(host).ok();
    Guest old = new Guest(host, "2002");
    old.vzctl("create", "--ostemplate", RpmDistribution.FOR_V1).ok();
    old.started();
    old.vzctl("set", "--ram", "512M", "--save").ok();
    assertThat(old.text("systemctl is-system-running; systemctl --failed --no-legend --plain"))
        .isEqualTo("running");
    assertThat(old.text("stat -f -c %T /sys/fs/cgroup /sys/fs/cgroup/systemd"))
        .isEqualTo("tmpfs\ncgroupfs");
    assertThat(old.text("grep name=systemd /proc/$(systemctl show -P MainPID cron)/cgroup"))
        .endsWith(":/system.slice/cron.service");
    // What it mounts itself shows it its own part, in which nothing can be written.
    assertThat(
            old.text(
                    """
                    mkdir /tmp/m
                    mount -t cgroup -o memory cgroup /tmp/m
                    cat /tmp/m/memory.limit_in_bytes
                    echo -1 2>/dev/null >/tmp/m/memory.limit_in_bytes || echo refused
                    mkdir /tmp/m/own 2>/dev/null || echo refused
                    umount /tmp/m
                    """)
                .lines())
        .endsWith("refused", "refused")
        .first()
        .asString()
        .matches("\\d{9,}");
    int init = old.init();
    var _ = old.sh("systemctl reboot");
    comesBack(old, init);
    old.vzctl("stop").ok();
    old.destroy();
    host.run("vzpkg", "remove", "cache", RpmDistribution.FOR_V1).ok();
  }

  private static void comesBack(Guest guest, int before) {
    Guest.await(
        "the container comes back",
        PATIENCE,
        () ->
            guest.initIfAny().orElse(before) != before
                && guest.sh("systemctl is-system-running").stdout().contains("running"));
  }

  private static boolean mounted(String option) {
    try {
      return Files.readAllLines(Path.of("/proc/mounts")).stream()
          .anyMatch(line -> line.split(" ")[3].contains(option));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
