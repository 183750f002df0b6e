package org.lamina.templates.patch.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lamina.templates.patch.debian.Samples.state;
import static org.lamina.templates.patch.debian.Samples.status;
import static org.lamina.templates.patch.debian.Samples.without;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.templates.patch.merge.Stance;

/** A real database, in which libssl3 goes from 3.0.11-1~deb12u2 to what the sample has. */
class StatusMergeTest {
  private static final String NEXT = Samples.of("status-debian-12");
  private static final String OLD = "3.0.11-1~deb12u2";
  private static final String BASE = status("libssl3", OLD);
  private static final String NGINX =
      """
      Package: nginx
      Status: install ok installed
      Architecture: amd64
      Version: 1.22.1-9+deb12u3
      Depends: libc6 (>= 2.36), libssl3 (>= 3.0.0)
      Description: small, powerful, scalable web/proxy server

      """;

  private static String merge(String base, String mine, String next) {
    DpkgStatus b = DpkgStatus.parse(base);
    DpkgStatus m = DpkgStatus.parse(mine);
    DpkgStatus n = DpkgStatus.parse(next);
    StatusDiff diff = StatusDiff.of(b, n);
    return DpkgStatus.text(
        StatusMerge.merge(diff, m, StatusMerge.stances(diff, m)).packages().values());
  }

  private static Stance stance(String base, String mine, String next, String key) {
    return StatusMerge.stances(
            StatusDiff.of(DpkgStatus.parse(base), DpkgStatus.parse(next)), DpkgStatus.parse(mine))
        .getOrDefault(key, Stance.FOLLOWS);
  }

  static Stream<Arguments> cases() {
    String held = state(BASE, "libssl3", "hold ok installed");
    return Stream.of(
        Arguments.of("untouched", BASE, Stance.FOLLOWS, NEXT),
        Arguments.of("own package", BASE + NGINX, Stance.FOLLOWS, NEXT + NGINX),
        Arguments.of("same version", NEXT, Stance.SAME, NEXT),
        Arguments.of(
            "same version and held",
            state(NEXT, "libssl3", "hold ok installed"),
            Stance.SAME,
            state(NEXT, "libssl3", "hold ok installed")),
        Arguments.of(
            "newer version",
            status("libssl3", "3.0.99-1"),
            Stance.OWN_NEWER,
            status("libssl3", "3.0.99-1")),
        Arguments.of(
            "between",
            status("libssl3", "3.0.15-1"),
            Stance.OWN_OLDER,
            status("libssl3", "3.0.15-1")),
        Arguments.of(
            "downgraded",
            status("libssl3", "3.0.9-1"),
            Stance.OWN_OLDER,
            status("libssl3", "3.0.9-1")),
        Arguments.of("held", held, Stance.HELD, held),
        Arguments.of(
            "removed",
            state(BASE, "libssl3", "deinstall ok config-files"),
            Stance.ABSENT,
            state(BASE, "libssl3", "deinstall ok config-files")),
        Arguments.of("purged", without(BASE, "libssl3"), Stance.ABSENT, without(NEXT, "libssl3")),
        Arguments.of(
            "another package held",
            state(BASE, "tzdata", "hold ok installed"),
            Stance.FOLLOWS,
            state(NEXT, "tzdata", "hold ok installed")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void threeWays(String name, String mine, Stance stance, String merged) {
    assertThat(stance(BASE, mine, NEXT, "libssl3:amd64")).isEqualTo(stance);
    assertThat(merge(BASE, mine, NEXT)).isEqualTo(merged);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theResultIsStable(String name, String mine, Stance stance, String merged) {
    assertThat(merge(NEXT, merged, NEXT)).isEqualTo(merged);
    assertThat(DpkgStatus.text(DpkgStatus.parse(merged).packages().values())).isEqualTo(merged);
  }

  @Test
  void anOldHoldOfTheTemplateIsNoHoldOfTheContainer() {
    String base = state(BASE, "libssl3", "hold ok installed");
    String next = state(NEXT, "libssl3", "hold ok installed");
    assertThat(stance(base, base, next, "libssl3:amd64")).isEqualTo(Stance.FOLLOWS);
    assertThat(merge(base, base, next)).isEqualTo(next);
  }

  @Test
  void newPackagesComeToTheirNeighbours() {
    String base = without(NEXT, "libexpat1");
    assertThat(merge(base, base + NGINX, NEXT)).isEqualTo(NEXT + NGINX);
  }

  @Test
  void aNewPackageThatTheContainerOnceRemovedComesBackAsADependency() {
    String base = without(NEXT, "libexpat1");
    String mine = state(NEXT, "libexpat1", "deinstall ok config-files");
    assertThat(stance(base, mine, NEXT, "libexpat1:amd64")).isEqualTo(Stance.FOLLOWS);
    assertThat(merge(base, mine, NEXT)).isEqualTo(NEXT);
  }

  @Test
  void aNewPackageThatTheContainerHasInAnotherVersionIsItsOwn() {
    String base = without(NEXT, "libexpat1");
    String mine = status("libexpat1", "9.9");
    assertThat(stance(base, mine, NEXT, "libexpat1:amd64")).isEqualTo(Stance.OWN_NEWER);
    assertThat(merge(base, mine, NEXT)).isEqualTo(mine);
  }

  @Test
  void aPackageTheUpdateRemovesGoesUnlessTheContainerHasItsOwn() {
    String next = without(NEXT, "libexpat1");
    assertThat(merge(NEXT, NEXT + NGINX, next)).isEqualTo(next + NGINX);
    String mine = status("libexpat1", "9.9");
    assertThat(merge(NEXT, mine, next)).isEqualTo(mine);
  }

  @Test
  void conffilesAreThoseOfTheVersionThatIsInstalled() {
    String old = "bf28f0a6d8ac4d39a9d0ba9c3c3c3c3c";
    DpkgStatus next = DpkgStatus.parse(NEXT);
    String md5 = DpkgStatus.conffiles(next.packages().get("adduser:all")).get("etc/adduser.conf");
    assertThat(md5).isEqualTo("cc3493ecd2d09837ffdcc3e25fdfff18");
    String base = status("adduser", "3.133").replace(md5, old);
    String merged = merge(base, base + NGINX, NEXT);
    assertThat(DpkgStatus.conffiles(DpkgStatus.parse(merged).packages().get("adduser:all")))
        .containsEntry("etc/adduser.conf", md5)
        .hasSize(2);
  }

  @Test
  void obsoleteConffilesAndPathsWithSpacesAreRead() {
    Stanza stanza =
        new Stanza(
            """
            Package: x
            Conffiles:
             /etc/a b 00000000000000000000000000000001 obsolete
             /etc/n newconffile
            """);
    assertThat(DpkgStatus.conffiles(stanza))
        .containsEntry("etc/a b", "00000000000000000000000000000001")
        .containsEntry("etc/n", "newconffile");
  }

  @Test
  void theRealDatabaseComesBackAsItWasRead() {
    assertThat(DpkgStatus.text(DpkgStatus.parse(NEXT).packages().values())).isEqualTo(NEXT);
    assertThat(DpkgStatus.parse(NEXT).packages()).hasSize(20).containsKey("libssl3:amd64");
  }

  @Test
  void libcOfTwoArchitecturesAreTwoPackages() {
    String foreign =
        """
        Package: libssl3
        Status: install ok installed
        Architecture: i386
        Multi-Arch: same
        Version: 3.0.11-1~deb12u2

        """;
    String merged = merge(BASE, BASE + foreign, NEXT);
    assertThat(merged).isEqualTo(NEXT + foreign);
    assertThat(Dependencies.problems(DpkgStatus.parse(merged)))
        .extracting(Dependencies.Problem::culprit)
        .contains("libssl3:i386");
  }
}
