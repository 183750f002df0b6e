package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.manager.core.SettingsChange;
import org.lamina.schema.ByteSize;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

class SetArgumentsTest {
  private static SetArguments read(String line) {
    return SetArguments.read(SetOptions.TABLE.parse("vzctl set", List.of(line.split(" ", -1))));
  }

  @Test
  void everyOption_landsInItsPlace() {
    SetArguments asked =
        read(
            "101 --ram 512M --swap 1G --cpulimit 50% --cpuunits 2000 --numproc 100:200"
                + " --hostname h --name n --description d --onboot yes --bootorder 3"
                + " --disabled no --stop-timeout 60 --userpasswd root:a:b --label env=prod,old= --setmode"
                + " restart --save");
    assertThat(asked.save()).isTrue();
    assertThat(asked.changes()).isTrue();
    assertThat(asked.change())
        .isEqualTo(
            new SettingsChange(
                new Limits(ByteSize.parse("512M", 1), ByteSize.parse("1G", 1), 50.0, 2000, 200L),
                "h",
                "n",
                "d",
                true,
                3,
                false,
                60,
                "root:a:b",
                Map.of("env", "prod", "old", "")));
  }

  @Test
  void nothingGiven_isNoChange() {
    assertThat(read("101 --save").changes()).isFalse();
    assertThat(read("101 --setmode ignore").changes()).isFalse();
    assertThat(read("101 --ram 1G").change().limits().swap()).isNull();
    assertThat(read("101 --hostname ").change().hostname()).isEmpty();
  }

  @Test
  void pageForms_setTheSameLimits() {
    assertThat(read("101 --physpages 0:131072").change().limits().ram())
        .isEqualTo(ByteSize.parse("512M", 1));
    assertThat(read("101 --swappages 0:512M").change().limits().swap())
        .isEqualTo(ByteSize.parse("512M", 1));
    assertThat(read("101 --ram unlimited").change().limits().ram()).isEqualTo(ByteSize.UNLIMITED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "131 | 101 --name n | needs --save",
        "20 | 101 --onboot yes | needs --save",
        "20 | 101 --bootorder 1 | needs --save",
        "20 | 101 --disabled yes | needs --save",
        "20 | 101 --description d | needs --save",
        "20 | 101 --stop-timeout 5 | needs --save",
        "20 | 101 --ram 1G --setmode restart | needs --save",
        "21 | 101 --ram 1G --setmode now | bad value for --setmode",
        "21 | 101 --ram 512 | did you mean 512M?",
        "21 | 101 --ram 0 | needs memory",
        "21 | 101 --physpages 0 | needs memory",
        "21 | 101 --ram 1G --physpages 1 | same limit",
        "21 | 101 --ram 1G --ram 2G | given twice",
        "21 | 101 --cpulimit -1 | bad value for --cpulimit",
        "21 | 101 --cpuunits 7 | from 8 to 500000",
        "21 | 101 --cpuunits 500001 | from 8 to 500000",
        "21 | 101 --numproc 0 | bad value for --numproc",
        "21 | 101 --onboot maybe --save | yes or no",
        "21 | 101 --bootorder -1 --save | whole number",
        "21 | 101 --stop-timeout 3601 --save | 0 to 3600",
        "21 | 101 --userpasswd root | USER:PASSWORD",
        "21 | 101 --userpasswd :x | USER:PASSWORD",
        "21 | 101 --userpasswd root: | USER:PASSWORD",
        "21 | 101 --diskspace 10G --save | not in this release",
        "21 | 101 --ipadd 10.0.0.1 | not in this release",
        "21 | 101 --kmemsize 1 | not in this release",
        "21 | 101 --private /x --save | not in this release",
        "21 | 101 --capability sys_time:on | not in this release",
        "21 | --save | no CTID",
        "20 | 101 102 --save | unexpected argument",
        "21 | 0 --cpuunits 1000 | host itself",
      })
  void badLines_areRefused(int code, String line, String message) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode().code()).isEqualTo(code);
              assertThat(e.text() + " " + e.hint().orElse("")).contains(message);
            });
  }

  @Test
  void aPassword_isNeverInTheMessage() {
    assertThatThrownBy(() -> read("101 --userpasswd :geheim"))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.text() + e.hint()).doesNotContain("geheim"));
  }
}
