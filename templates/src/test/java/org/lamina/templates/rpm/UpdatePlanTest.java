package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lamina.schema.LaminaException;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;

class UpdatePlanTest {
  private static final PackageSet BEFORE =
      new PackageSet(
          new TreeMap<>(
              Map.of(
                  "bash", "5.1.8-6.el9",
                  "rpm", "4.16.1.3-29.el9",
                  "zip-legacy", "1-1",
                  "openssl-libs", "1:3.0.7-24.el9",
                  "openssl-libs:i686", "1:3.0.7-24.el9",
                  "postgresql-server", "13.11-1.el9",
                  "postgresql16-server", "16.1-1",
                  "postgresql", "13.11-1.el9")),
          new TreeMap<>(Map.of()));

  private static final UpdatePlan PLAN =
      UpdatePlan.parse(
          """
          P\topenssl-libs\t1:3.0.7-27.el9\tx86_64
          P\topenssl-libs\t1:3.0.7-27.el9\ti686
          P\tbash\t5.1.8-9.el9\tx86_64
          P\tpostgresql\t13.11-1.el9\tx86_64
          P\tpostgresql-server\t13.11-1.el9\tx86_64
          P\tpostgresql16-server\t16.1-1\tx86_64
          P\trpm\t4.16.1.3-29.el9\tx86_64
          P\ttzdata\t2024a-1.el9\tnoarch
          """,
          "postgresql-server\t0:13.14-1.el9\n",
          """
          RHSA-2024:1 Important/Sec. openssl-libs-1:3.0.7-27.el9.x86_64
          RHSA-2024:2 Moderate/Sec.  postgresql-server-13.14-1.el9.x86_64
          """,
          true,
          Map.of("rpm", "4.16.1.3-34.el9"));

  @Test
  void changesTellOldNewAndWhatIsSecurity() {
    assertThat(PLAN.changes(BEFORE))
        .containsExactly(
            new PackageChange("bash", "x86_64", "5.1.8-6.el9", "5.1.8-9.el9", false),
            new PackageChange("openssl-libs", "x86_64", "1:3.0.7-24.el9", "1:3.0.7-27.el9", true),
            new PackageChange("openssl-libs", "i686", "1:3.0.7-24.el9", "1:3.0.7-27.el9", true),
            new PackageChange("tzdata", "noarch", null, "2024a-1.el9", false),
            new PackageChange("zip-legacy", "", "1-1", null, false));
  }

  @Test
  void heldPackagesAreNamedWithWhatThereIs() {
    assertThat(PLAN.held(BEFORE))
        .containsExactly(
            new HeldPackage(
                "postgresql-server",
                "13.11-1.el9",
                "13.14-1.el9",
                true,
                "a new version may convert data"),
            new HeldPackage(
                "rpm",
                "4.16.1.3-29.el9",
                "4.16.1.3-34.el9",
                false,
                "the template itself locks or excludes it"));
  }

  @Test
  void serversOfDataAreHeldAndTheirToolsAreNot() {
    Set<String> held = HeldNames.among(BEFORE);
    assertThat(held).containsExactly("postgresql-server", "postgresql16-server");
    HeldNames.refuse("cannot update", UpdateRequest.packages(List.of("postgresql")), held);
    HeldNames.refuse("cannot update", UpdateRequest.everything(), held);
    assertThatThrownBy(() ->
            HeldNames.refuse(
                "cannot update",
                UpdateRequest.packages(List.of("bash", "postgresql-server=13.14-1.el9")),
                held))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining("postgresql-server may convert the data");
  }
}
