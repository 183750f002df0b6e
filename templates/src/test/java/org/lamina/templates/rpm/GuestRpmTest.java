package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.lamina.templates.patch.rpm.RpmTool.Lack;

class GuestRpmTest {
  @Test
  void whatRpmSaysOfNeedsIsReadByPackage() throws IOException {
    assertThat(
            GuestRpm.lacks(
                """
                .M.......    /etc/hosts
                Unsatisfied dependencies for two-1-1.noarch:
                \tone = 1 is needed by (installed) two-1-1.noarch
                \tthree is needed by (installed) two-1-1.noarch
                Unsatisfied dependencies for four-2:1-1.x86_64:
                \tfour conflicts with (installed) five-1-1.x86_64
                """))
        .containsExactly(
            new Lack("two-1-1.noarch", "one = 1 is needed by (installed) two-1-1.noarch"),
            new Lack("two-1-1.noarch", "three is needed by (installed) two-1-1.noarch"),
            new Lack("four-2:1-1.x86_64", "four conflicts with (installed) five-1-1.x86_64"));
  }

  @Test
  void aDatabaseThatRpmCannotReadToItsEndIsDamaged() {
    assertThatThrownBy(
            () -> GuestRpm.lacks("error: SELECT hnum: 11: database disk image is malformed\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("malformed");
  }

  @Test
  void silenceIsNoLack() throws IOException {
    assertThat(GuestRpm.lacks("")).isEmpty();
    assertThat(GuestRpm.lacks("\tstray line\n")).isEmpty();
  }
}
