package org.lamina.templates.patch.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rpm 4.18 itself answers: {@code rpm --eval '%{lua: print(rpm.vercmp("1.0", "2.0"))}'}. */
class EvrTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "1.0 1.0 0",
        "1.0 2.0 -1",
        "2.0.1 2.0.1a -1",
        "5.5p1 5.5p10 -1",
        "10xyz 10.1xyz -1",
        "xyz10 xyz10.1 -1",
        "xyz.4 8 -1",
        "5.5p2 5.6p1 -1",
        "1.0~rc1 1.0 -1",
        "1.0~rc1~git123 1.0~rc1 -1",
        "1.0^ 1.0 1",
        "1.0^git1 1.0 1",
        "1.0^git1 1.01 -1",
        "1.0^20160101 1.0.1 -1",
        "1.0~rc1^git1 1.0~rc1 1",
        "1.0^git1~pre 1.0^git1 -1",
        "6.0.rc1 6.0 1",
        "10b2 10a1 1",
        "1.0aa 1.0a 1",
        "7.4.052 7.4.52 0",
        "2_0 2.0 0",
        "a+ a_ 0",
        "+ _ 0",
        "2a 2.0 -1",
        "1.el9_2 1.el9 1",
        "4.el9_2.1 4.el9_4 -1",
        "20101121 20101122 -1"
      })
  void versionsAreOrderedAsRpmOrdersThem(String a, String b, int order) {
    assertThat(Integer.signum(Evr.compare(a, b))).isEqualTo(order);
    assertThat(Integer.signum(Evr.compare(b, a))).isEqualTo(-order);
  }

  @Test
  void anEpochCountsMostAndAReleaseLeast() {
    assertThat(Evr.parse("1:1.0-1")).isGreaterThan(Evr.parse("2.0-1"));
    assertThat(Evr.parse("2.0-2.el9")).isGreaterThan(Evr.parse("2.0-1.el9"));
    assertThat(Evr.parse("0:2.0-1")).isEqualTo(Evr.parse("2.0-1"));
  }

  @Test
  void textComesBackAsItWas() {
    for (String text : new String[] {"1:2.3-4.el9", "2.3-4.el9", "2.3"}) {
      assertThat(Evr.parse(text).text()).isEqualTo(text);
    }
  }
}
