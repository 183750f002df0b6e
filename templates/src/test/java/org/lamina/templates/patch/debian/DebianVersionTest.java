package org.lamina.templates.patch.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebianVersionTest {
  /** Debian policy 5.6.12 and what its text says in general. */
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, 0",
    "1.0, 1.1, -1",
    "1.10, 1.9, 1",
    "2.7.4+reloaded2-13ubuntu1, 2.7.4+reloaded2-13+deb9u1, -1",
    "1.0~beta1~svn1245, 1.0~beta1, -1",
    "1.0~beta1, 1.0, -1",
    "1.0~~, 1.0~~a, -1",
    "1.0~~a, 1.0~, -1",
    "1.0~, 1.0, -1",
    "1.0, 1.0a, -1",
    "1.0a, 1.0+, -1",
    "1.0+, 1.0., -1",
    "1.0-1, 1.0-2, -1",
    "1.0-1, 1.0, 1",
    "1.0-0, 1.0, 0",
    "1.0-1~bpo12+1, 1.0-1, -1",
    "1.0-1+b1, 1.0-1, 1",
    "1.0-1+b1, 1.0-1.1, -1",
    "1.0-1-1, 1.0-1, 1",
    "0:1.0, 1.0, 0",
    "1:1.0, 2.0, 1",
    "1:1.0, 01:1.0, 0",
    "2:1.0, 10:0.1, -1",
    "1.01, 1.1, 0",
    "1.001a, 1.1a, 0",
    "a, 1, 1",
    "Z, a, -1",
    "1:2:3, 1:2.3, 1",
    "20060611-0.0, 20060611+svn-1, -1",
    "20250101120000000000000001, 20250101120000000000000002, -1",
    "3.0.11-1~deb12u2, 3.0.17-1~deb12u2, -1",
    "3.0.17-1~deb12u2, 3.0.17-1~deb12u3, -1",
    "3.0.17-1~deb12u10, 3.0.17-1~deb12u9, 1",
    "5.36.0-7+deb12u1, 5.36.0-7+deb12u3, -1",
    "5.36.0-7, 5.36.0-7+deb12u1, -1",
    "2024a-0+deb12u1, 2025b-0+deb12u1, -1",
    "2.36-9+deb12u10, 2.36-9+deb12u7, 1",
    "1:9.2p1-2+deb12u2, 1:9.2p1-2+deb12u7, -1",
    "5.2.15-2+b2, 5.2.15-2+b13, -1",
    "20230311, 20250419~deb12u2, -1",
    "252.36-1~deb12u1, 252.4-1, 1",
    "1.2.3-1.1, 1.2.3-1, 1",
    "6.0.1+really5.9-1, 6.0.1-1, 1",
    "0~, 0, -1",
    "~, '', -1",
  })
  void ordersAsPolicySays(String a, String b, int order) {
    assertThat(Integer.signum(DebianVersion.compare(a, b))).isEqualTo(order);
    assertThat(Integer.signum(DebianVersion.compare(b, a))).isEqualTo(-order);
  }

  @Test
  void sortsWhateverTheStart() {
    List<String> sorted =
        List.of(
            "1.0~~",
            "1.0~~a",
            "1.0~",
            "1.0",
            "1.0-1~bpo12+1",
            "1.0-1",
            "1.0-1a",
            "1.0-1+b1",
            "1.0-1+deb12u1",
            "1.0-1.1",
            "1.0a",
            "1.0+dfsg-1",
            "1.2",
            "1.10",
            "1:0.1",
            "2:0.0.1");
    for (int seed = 0; seed < 50; seed++) {
      List<String> shuffled = new ArrayList<>(sorted);
      Collections.shuffle(shuffled, new Random(seed));
      shuffled.sort(DebianVersion.ORDER);
      assertThat(shuffled).isEqualTo(sorted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, <<, 1.1, true",
    "1.0, <<, 1.0, false",
    "1.0, <=, 1.0, true",
    "1.0, <, 1.0, true",
    "1.0, =, 1.0-0, true",
    "1.0-1, =, 1.0-2, false",
    "1.0, >=, 1.0, true",
    "1.0, >, 1.0, true",
    "1.0, >>, 1.0, false",
    "1:1.0, >>, 9.9, true",
  })
  void relationsHold(String version, String relation, String bound, boolean holds) {
    assertThat(DebianVersion.holds(version, relation, bound)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "==", "!=", "=>"})
  void anUnknownRelationIsAnError(String relation) {
    assertThatThrownBy(() -> DebianVersion.holds("1", relation, "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
