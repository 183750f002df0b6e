package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "3,1,2|1-3", "0-2,7|0-2,7", "7,7,7|7", "0-8191|0-8191", "all|all"})
  void spellingsOfOneSetAreEqual(String text, String normal) {
    assertThat(new CpuList(text)).isEqualTo(new CpuList(normal));
    assertThat(new CpuList(text).text()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-1", "1-", "3-1", "8192", "1,,2", "1;2", "a", "0x1", "1 2", "0-99999"})
  void whatIsNoListIsRefused(String text) {
    assertThatThrownBy(() -> new CpuList(text)).isInstanceOf(LaminaException.class);
  }

  @Test
  void someAreWithinAndSpreadByTurn() {
    var all = new CpuList("0-3,8").numbers();
    assertThat(CpuList.of(CpuList.some(all, 9, 5)).text()).isEqualTo("0-3,8");
    assertThat(CpuList.of(CpuList.some(all, 2, 0)).text()).isEqualTo("0-1");
    assertThat(CpuList.of(CpuList.some(all, 2, 1)).text()).isEqualTo("2-3");
    assertThat(CpuList.of(CpuList.some(all, 2, 2)).text()).isEqualTo("0,8");
    assertThat(CpuList.some(all, 2, Integer.MAX_VALUE).cardinality()).isEqualTo(2);
  }
}
