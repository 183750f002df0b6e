package org.lamina.templates.patch.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldsTest {
  private static final HeaderList.Installed NEXT =
      new HeaderList.Installed("bash", Evr.parse("5.1.8-9.el9"), "x86_64", "d", 0, 0);

  @ParameterizedTest
  @CsvSource({
    "bash-0:5.1.8-6.el9.*, true",
    "bash-0:5.1.8-6.el9.x86_64, true",
    "0:bash-5.1.8-6.el9.*, true",
    "bash-0:5.1.8-9.el9.*, false",
    "bash-0:5.1.8-9.*, true",
    "bash-0:5.1.8-9.el9, false",
    "bash-0:5.1.8-6.el9.i686, false",
    "bash-0:5.1.*-9.el9.*, false",
    "zsh-0:5.1.8-6.el9.*, false",
    "!bash-0:5.1.8-9.el9.*, true",
    "!bash-0:5.1.8-8.el9.*, false",
    "# bash-0:5.1.8-6.el9.*, false"
  })
  void versionlock(String line, boolean against) {
    assertThat(Holds.parse(List.of(line + "\n"), List.of()).against(NEXT)).isEqualTo(against);
  }

  @ParameterizedTest
  @CsvSource({
    "[main]|exclude=bash, true",
    "[main]|excludepkgs = zsh bas*, true",
    "[main]|exclude=zsh|  bash, true",
    "[main]|exclude=zsh, false",
    "[main]|gpgcheck=1, false",
    "[other]|exclude=bash, false",
    "[main]|exclude=bash.x86_64, true",
    "[main]|exclude=bash-5.1.8-9.el9, true",
    "[main]|exclude=bash.i686, false",
    "[main]|#exclude=bash, false"
  })
  void exclude(String settings, boolean against) {
    assertThat(Holds.parse(List.of(), List.of(settings.replace('|', '\n'))).against(NEXT))
        .isEqualTo(against);
  }
}
