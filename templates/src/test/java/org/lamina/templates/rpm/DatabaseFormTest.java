package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class DatabaseFormTest {
  @Test
  void formatsThatThisHostDoesNotWriteAreNamedWithTheWayOut() {
    DatabaseForm.check("cannot update template t", Set.of("rpmdb.sqlite", "rpmdb.sqlite-shm"));
    refused(Set.of("Packages", "Name", "__db.001"), "(Packages) is in the format Berkeley DB");
    refused(Set.of("Packages.db", "Index.db"), "(Packages.db) is in the format ndb");
  }

  private static void refused(Set<String> files, String words) {
    assertThatThrownBy(() -> DatabaseForm.check("cannot update template t", files))
        .hasMessageContaining("cannot update template t: its package database " + words)
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.hint().orElse("")).contains("--run FILE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED);
            });
  }

  @Test
  void aBuildWhoseRpmDoesNotKnowTheFormatSaysSo() {
    RpmLog log = new RpmLog();
    for (String line :
        List.of(
            "warning: invalid %_db_backend: ndb",
            "warning: using dummy database, installs not possible",
            "error: bash-5.1.8-9.el9.x86_64: install failed")) {
      log.add(line);
    }
    LaminaException e = log.failure("cannot build template t", "the new system's own rpm", 1);
    assertThat(e.getMessage()).contains("invalid %_db_backend: ndb", "install failed");
    assertThat(e.hint().orElse("")).contains("its own rpm does not know");
  }
}
