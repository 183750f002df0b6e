package org.lamina.templates.patch.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DependenciesTest {
  private static final String BASE =
      """
      Package: libfoo
      Status: install ok installed
      Architecture: amd64
      Version: 1.0-2
      Provides: libfoo-api (= 3), foo-virtual

      Package: gone
      Status: deinstall ok config-files
      Architecture: all
      Version: 1

      """;

  private static List<String> problems(String field) {
    String more =
        "Package: app\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n"
            + field
            + "\n\n";
    return new ArrayList<>(Dependencies.problems(DpkgStatus.parse(BASE + more)))
        .stream().map(Dependencies.Problem::need).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Depends: libfoo; true",
        "Depends: libfoo (>= 1.0); true",
        "Depends: libfoo (= 1.0-1); false",
        "Depends: libfoo(>=1.0-3); false",
        "Depends: libfoo:any (>= 1.0); true",
        "Depends: absent | libfoo; true",
        "Depends: absent | libfoo (<< 1); false",
        "Depends: foo-virtual; true",
        "Depends: foo-virtual (>= 1); false",
        "Depends: libfoo-api (= 3); true",
        "Depends: libfoo-api (= 4); false",
        "Depends: gone; false",
        "Pre-Depends: absent; false",
        "Recommends: absent; true",
        "Breaks: libfoo (<< 1.0-2); true",
        "Breaks: libfoo (<< 1.0-3); false",
        "Conflicts: foo-virtual; false",
        "Conflicts: gone; true",
        "Conflicts: app; true",
      })
  void needsAreMetOrNot(String field, boolean met) {
    assertThat(problems(field).isEmpty()).isEqualTo(met);
  }

  @Test
  void whatOneProvidesItselfIsNoConflict() {
    assertThat(problems("Provides: mta\nConflicts: mta")).isEmpty();
  }

  @Test
  void theNeedIsToldAsThePackageTellsIt() {
    assertThat(problems("Depends: libfoo (= 1.0-1) | absent, libfoo"))
        .containsExactly("needs libfoo (= 1.0-1) or absent");
  }
}
