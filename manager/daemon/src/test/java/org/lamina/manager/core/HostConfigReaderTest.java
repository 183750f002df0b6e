package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class HostConfigReaderTest {
  @TempDir Path dir;

  private HostConfigReader.Result read(String text) throws Exception {
    return HostConfigReader.read(Files.writeString(dir.resolve("lamina.conf"), text));
  }

  @Test
  void withoutAFile_everyDefaultHolds() {
    HostConfig c = HostConfigReader.read(dir.resolve("lamina.conf")).config();

    assertThat(c.configDir()).isEqualTo(dir);
    assertThat(c.stateDir()).isEqualTo(Path.of("/var/lib/lamina"));
    assertThat(c.templateDir()).isEqualTo(Path.of("/var/lib/lamina/template"));
    assertThat(c.privateArea(new Ctid(101))).isEqualTo(Path.of("/var/lib/lamina/private/101"));
    assertThat(c.root(new Ctid(101))).isEqualTo(Path.of("/var/lib/lamina/root/101"));
    assertThat(c.databaseDir()).isEqualTo(Path.of("/var/lib/lamina/db"));
    assertThat(c.socket()).isEqualTo(Path.of("/run/lamina/lamina.sock"));
    assertThat(c.shippedDefinitions()).isEqualTo(Path.of("/usr/share/lamina/templates.d"));
    assertThat(c.libexec()).isEqualTo(Path.of("/usr/lib/lamina"));
    assertThat(c.sample("basic")).isEqualTo(dir.resolve("samples/ve-basic.conf-sample"));
    assertThat(c.defaultTemplate()).isNull();
    assertThat(c.stopTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(c.parallelStarts()).isGreaterThanOrEqualTo(4);
    assertThat(c.startOnBoot()).isTrue();
    assertThat(c.firstIdBase()).isEqualTo(1_048_576);
    assertThat(c.group()).isEqualTo("lamina");
    assertThat(c.cgroupName()).isEqualTo("lamina");
  }

  @Test
  void everyKeyIsTaken() throws Exception {
    HostConfigReader.Result result =
        read(
            """
            VIRTUOZZO=no
            STATE_DIR="/s"
            RUN_DIR="/r"
            DATABASE_DIR="/d"
            TEMPLATE="/t"
            VE_ROOT="/vz/root/$VEID"
            VE_PRIVATE="/vz/private/${VEID}"
            DEFINITIONS_DIR=/defs
            LIBEXEC=/lib
            DEF_OSTEMPLATE="debian-12"
            CONFIGFILE="basic"
            STOP_TIMEOUT=30
            VE_PARALLEL=8
            LOCAL_UID=131072
            LAMINA_GROUP="ops"
            CGROUP="mine"
            LXCFS="/opt/lxcfs"
            NEIGHBOUR_DEVS="list:eth0 br0"
            SKIP_ARPDETECT=yes
            VE_LAYOUT="image"
            """);
    HostConfig c = result.config();

    assertThat(result.warnings()).isEmpty();
    assertThat(c)
        .isEqualTo(
            new HostConfig(
                dir,
                Path.of("/s"),
                Path.of("/t"),
                Path.of("/vz/private"),
                Path.of("/vz/root"),
                Path.of("/d"),
                Path.of("/r"),
                Path.of("/defs"),
                Path.of("/lib"),
                "debian-12",
                "basic",
                Duration.ofSeconds(30),
                8,
                false,
                131_072,
                "ops",
                "mine",
                Path.of("/opt/lxcfs"),
                "list:eth0 br0",
                true,
                DiskLayout.IMAGE));
  }

  @Test
  void everyProblemIsToldAtOnce() throws Exception {
    LaminaException e =
        catchThrowableOfType(
            LaminaException.class,
            () ->
                read(
                    """
                    VIRTUOZZO=perhaps
                    STATE_DIR="relative"
                    VE_ROOT="/vz/$VEID/root"
                    VE_PRIVATE="relative/$VEID"
                    DEF_OSTEMPLATE="../x"
                    STOP_TIMEOUT=0
                    VE_PARALLEL=many
                    LOCAL_UID=100000
                    LAMINA_GROUP="a b"
                    CGROUP="../x"
                    """));
    assertThat(e.exitCode()).isEqualTo(ExitCode.NO_HOST_CONFIG);
    assertThat(e.text())
        .contains(
            "VIRTUOZZO",
            "STATE_DIR",
            "VE_ROOT",
            "VE_PRIVATE",
            "DEF_OSTEMPLATE",
            "STOP_TIMEOUT",
            "VE_PARALLEL",
            "LOCAL_UID",
            "LAMINA_GROUP",
            "CGROUP");
  }

  @Test
  void unknownKeysAreWarnedOf() throws Exception {
    assertThat(read("STOP_TIMOUT=5\n").warnings())
        .containsExactly("STOP_TIMOUT is not a key of lamina.conf and does nothing");
  }
}
