package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

class VeConfTest {
  private static final Ctid CTID = new Ctid(101);
  private static final String IDENTITY =
      """
      UUID="41f25fb1-1f02-4627-96c9-85cbb1c2084f"
      OSTEMPLATE="debian-12"
      LAMINA_GENERATION="2"
      LAMINA_ID_BASE="1048576"
      """;

  private static Container read(String text) {
    return VeConf.read(ConfFile.parse(IDENTITY + text), CTID, "ve.conf");
  }

  @Test
  void render_read_giveTheSameContainer() {
    Container full =
        ContainerStoreContract.full(101).withIds(new IdRange(1_048_576)).withWantsRunning(false);
    Container bare = ContainerStoreContract.sample(101, null);
    for (Container c : new Container[] {full, bare}) {
      String text = VeConf.render(c, ConfFile.EMPTY).render();
      assertThat(VeConf.read(ConfFile.parse(text), CTID, "ve.conf")).isEqualTo(c);
    }
  }

  @Test
  void render_usesTheFormsOfTheOriginal() {
    Container c = ContainerStoreContract.full(101).withIds(new IdRange(1_048_576));
    assertThat(VeConf.render(c, ConfFile.EMPTY).values())
        .containsEntry("PHYSPAGES", "0:131072")
        .containsEntry("SWAPPAGES", "0:unlimited")
        .containsEntry("CPULIMIT", "12.5")
        .containsEntry("CPUUNITS", "1000")
        .containsEntry("NUMPROC", "unlimited")
        .containsEntry("ONBOOT", "yes")
        .containsEntry("BOOTORDER", "-5")
        .containsEntry("DISABLED", "yes")
        .containsEntry("STOP_TIMEOUT", "30")
        .containsEntry("ORIGIN_SAMPLE", "basic")
        .containsEntry("VEID", "101")
        .containsEntry("IP_ADDRESS", "10.0.0.101 fd00::101/64")
        .containsEntry("NAMESERVER", "9.9.9.9")
        .containsEntry("SEARCHDOMAIN", "example.com")
        .containsEntry("LAMINA_PUBLISH", "101:80")
        .containsEntry("RATE", "*:1:2048");
  }

  @Test
  void render_keepsCommentsAndOrder_andRemovesWhatIsGone() {
    ConfFile old = ConfFile.parse("# mine\nNAME=\"old\"\nONBOOT=\"yes\"\nDISKSPACE=\"1G\"\n");
    Container c = ContainerStoreContract.sample(101, "new");
    String text = VeConf.render(c, old).render();
    assertThat(text)
        .startsWith("# mine\nNAME=\"new\"\n")
        .doesNotContain("ONBOOT")
        .doesNotContain("DISKSPACE");
  }

  @Test
  void read_takesHandWrittenForms() {
    Container c =
        read(
            """
            PHYSPAGES="0:512M"
            SWAPPAGES="131072"
            CPULIMIT="150%"
            CPUUNITS="9999999"
            NUMPROC="100:200"
            STOP_TIMEOUT="0"
            QUOTAUGIDLIMIT=0
            """);
    assertThat(c.limits())
        .isEqualTo(
            new Limits(new ByteSize(512L << 20), new ByteSize(512L << 20), 150.0, 500_000, 200L));
    assertThat(c.stopTimeoutSeconds()).isNull();
    assertThat(c.extra()).isEqualTo(Map.of("QUOTAUGIDLIMIT", "0"));
    assertThat(read("NUMPROC=\"9223372036854775807\"").limits().numproc())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(read("PHYSPAGES=\"0:9223372036854775807\"").limits().ram())
        .isEqualTo(ByteSize.UNLIMITED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NAME=\"../x\"",
        "HOSTNAME=\"a b\"",
        "PHYSPAGES=\"much\"",
        "CPULIMIT=\"-1\"",
        "CPULIMIT=\"NaN\"",
        "CPUUNITS=\"x\"",
        "NUMPROC=\"0\"",
        "ONBOOT=\"maybe\"",
        "BOOTORDER=\"first\"",
        "STOP_TIMEOUT=\"99999\"",
        "LAMINA_CREATED=\"yesterday\"",
        "ORIGIN_SAMPLE=\"../../etc/passwd\""
      })
  void read_namesTheKeyThatIsWrong(String line) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_CONFIG);
              assertThat(e.text()).startsWith("ve.conf: " + line.substring(0, line.indexOf('=')));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"UUID", "OSTEMPLATE", "LAMINA_GENERATION", "LAMINA_ID_BASE"})
  void read_wantsWhatCannotBeGuessed(String key) {
    ConfFile without = ConfFile.parse(IDENTITY).with(key, null);
    assertThatThrownBy(() -> VeConf.read(without, CTID, "ve.conf"))
        .isInstanceOf(LaminaException.class)
        .hasMessage("ve.conf: " + key + " is missing");
  }
}
