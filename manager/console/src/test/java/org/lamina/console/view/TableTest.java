package org.lamina.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.lamina.console.Golden;

class TableTest {
  private static Table sample() {
    return new Table(
            Column.number("CTID"),
            Column.cut("NAME", 6),
            Column.text("STATUS"),
            Column.cut("DESCRIPTION", 11))
        .row(
            Cell.of(101),
            Cell.of("web1"),
            Cell.of("running", Tint.GOOD),
            Cell.of("first of the web servers, behind the balancer"))
        .row(Cell.of(2_147_483_644), Cell.of(null), Cell.of("stopped", Tint.FAINT), Cell.of(""))
        .row(
            Cell.of(103),
            Cell.of("数据库-容器"),
            Cell.of("running", Tint.GOOD),
            Cell.of("evil \u001b[31m\r\nname"));
  }

  @Test
  void isAsWideAsItTakesWithoutATerminal() {
    Golden.same("table-wide.txt", sample().render(0, false));
  }

  @Test
  void fitsTheTerminal() {
    String table = sample().render(60, false);
    Golden.same("table-60.txt", table);
    assertThat(table.lines()).allSatisfy(l -> assertThat(Table.cells(l)).isLessThanOrEqualTo(60));
  }

  @Test
  void isNotCutBelowItsLeast() {
    String table = sample().render(40, false);
    Golden.same("table-narrow.txt", table);
    assertThat(table.lines()).allSatisfy(l -> assertThat(Table.cells(l)).isLessThanOrEqualTo(40));
  }

  @Test
  void columnsAreLeftOutFromTheRightWhereNothingElseHelps() {
    assertThat(sample().render(20, false))
        .isEqualTo("      CTID  NAME\n       101  web1\n2147483644  -\n       103  数据库-…\n");
    assertThat(sample().render(5, false)).isEqualTo(" CTID\n  101\n2147…\n  103\n");
  }

  @Test
  void coloursDoNotCountAsWidth() {
    String plain = sample().render(60, false);
    String coloured = sample().render(60, true);
    assertThat(coloured).contains("\u001b[32mrunning\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]*m", "")).isEqualTo(plain);
  }

  @Test
  void aRowOfAnotherLengthIsADefect() {
    assertThatThrownBy(() -> sample().row(Cell.of(1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wideCharactersAreCutWhole() {
    assertThat(Table.cut("数据库", 4)).isEqualTo("数…");
    assertThat(Table.cut("数据库", 6)).isEqualTo("数据库");
    assertThat(Table.cut("abcdef", 1)).isEqualTo("…");
  }

  @Test
  void humanNumbers() {
    assertThat(Human.size(-1)).isEqualTo("unlimited");
    assertThat(Human.size(512L << 20)).isEqualTo("512.0M");
    assertThat(Human.duration(Duration.ofMillis(432))).isEqualTo("0.4s");
    assertThat(Human.duration(Duration.ofSeconds(59))).isEqualTo("59s");
    assertThat(Human.duration(Duration.ofSeconds(61))).isEqualTo("1m 1s");
    assertThat(Human.duration(Duration.ofHours(5).plusMinutes(3))).isEqualTo("5h 3m");
    assertThat(Human.duration(Duration.ofDays(3).plusHours(4))).isEqualTo("3d 4h");
    assertThat(Human.duration(Duration.ofSeconds(-5))).isEqualTo("0.0s");
    assertThat(Human.percent(50)).isEqualTo("50");
    assertThat(Human.percent(12.5)).isEqualTo("12.5");
  }

  @Test
  void progressFitsItsLine() {
    assertThat(ProgressLine.line(40, "Unpacking", 80))
        .isEqualTo(" 40% [########            ] Unpacking");
    assertThat(ProgressLine.line(-1, "Waiting\u001b[2J", 80)).isEqualTo(" ... Waiting?[2J");
    assertThat(ProgressLine.line(100, "x".repeat(200), 40)).hasSize(39).endsWith("…");
  }
}
