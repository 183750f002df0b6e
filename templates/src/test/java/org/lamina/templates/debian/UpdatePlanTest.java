package org.lamina.templates.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;

class UpdatePlanTest {
  private static final String SIMULATION =
      """
      NOTE: This is only a simulation!
      Reading package lists...
      The following packages will be upgraded:
        libssl3 tzdata
      Inst libperl5.36 [5.36.0-7+deb12u3] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [amd64]) []
      Inst libssl3 [3.0.20-1~deb12u2] (3.0.22-1~deb12u2 Debian:12.9/oldstable, Debian-Security:12/oldstable-security [amd64])
      Inst libc6:i386 [2.36-9] (2.36-9+deb12u9 Debian:12.9/oldstable [i386]) [libc6:amd64 on libc6:i386]
      Inst tzdata [2026b-0+deb12u1] (2026f-0+deb12u1 Debian:12-updates/oldstable-updates [all])
      Inst new-package (1:2-3 Debian:12.9/oldstable [amd64])
      Inst local [1] (2  [all])
      Remv gone [1.0-1] [x:amd64 y:amd64 ]
      Remv gone:i386 [1.0-1]
      Conf libssl3 (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
      """;
  private static final String MADISON =
      """
             apt |      2.6.2 | http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
             apt |      2.6.1 | http://deb.debian.org/debian bookworm/main amd64 Packages
         libssl3 | 3.0.22-1~deb12u2 | http://deb.debian.org/debian bookworm/main amd64 Packages
         libssl3 | 3.0.21-1~deb12u1 | http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
         libssl3 | 3.0.20-1~deb12u2 | http://deb.debian.org/debian bookworm/main amd64 Packages
          tzdata | 2026f-0+deb12u1 | http://deb.debian.org/debian bookworm-updates/main amd64 Packages
          tzdata | 2027a-1~bpo12+1 | http://deb.debian.org/debian bookworm-backports/main amd64 Packages
      mysql-server-8 |  8.0.40-1 | http://deb.debian.org/debian buster/updates/main amd64 Packages
      mysql-server-8 |  8.0.30-1 | http://deb.debian.org/debian bookworm/main Sources
      """;
  private final ArchiveVersions archive = ArchiveVersions.parse(MADISON);

  private static PackageSet set(String... pairs) {
    TreeMap<String, String> versions = new TreeMap<>();
    TreeMap<String, String> architectures = new TreeMap<>();
    for (String pair : pairs) {
      versions.put(pair.split("=")[0], pair.split("=")[1]);
      architectures.put(pair.split("=")[0], "amd64");
    }
    return new PackageSet(versions, architectures);
  }

  @Test
  void theSimulationOfAptIsRead() {
    assertThat(
            PlannedChange.parse(SIMULATION).stream().map(p -> p.asChange(set("gone=1"), archive)))
        .containsExactly(
            new PackageChange("libperl5.36", "amd64", "5.36.0-7+deb12u3", "5.36.0-7+deb12u4", true),
            new PackageChange("libssl3", "amd64", "3.0.20-1~deb12u2", "3.0.22-1~deb12u2", true),
            new PackageChange("libc6", "i386", "2.36-9", "2.36-9+deb12u9", false),
            new PackageChange("tzdata", "all", "2026b-0+deb12u1", "2026f-0+deb12u1", false),
            new PackageChange("new-package", "amd64", null, "1:2-3", false),
            new PackageChange("local", "all", "1", "2", false),
            new PackageChange("gone", "amd64", "1.0-1", null, false),
            new PackageChange("gone", "i386", "1.0-1", null, false));
    assertThat(PlannedChange.parse("Inst\nInst \nInst a b\nRemv\nRemv x\n")).isEmpty();
  }

  @Test
  void aLaterPointReleaseStillBringsTheSecurityUpdate() {
    assertThat(archive.security("libssl3", "3.0.20-1~deb12u2", "3.0.22-1~deb12u2")).isTrue();
    assertThat(archive.security("libssl3", "3.0.21-1~deb12u1", "3.0.22-1~deb12u2")).isFalse();
    assertThat(archive.security("libssl3", null, "3.0.22-1~deb12u2")).isTrue();
    assertThat(archive.security("libssl3", "1", null)).isFalse();
    assertThat(archive.security("tzdata", "2026b-0+deb12u1", "2026f-0+deb12u1")).isFalse();
    assertThat(archive.security("mysql-server-8", "8.0.1", "8.0.40-1")).isTrue();
    assertThat(archive.security("unknown", "1", "2")).isFalse();
  }

  @Test
  void newerVersionsAreThoseThatAptWouldTake() {
    assertThat(archive.newer("apt", "2.6.1", false)).contains("2.6.2");
    assertThat(archive.newer("apt", "2.6.2", false)).isEmpty();
    assertThat(archive.newer("tzdata", "2026b-0+deb12u1", false)).contains("2026f-0+deb12u1");
    assertThat(archive.newer("tzdata", "2026b-0+deb12u1", true)).isEmpty();
    assertThat(archive.newer("libssl3", "3.0.20-1~deb12u2", true)).contains("3.0.21-1~deb12u1");
  }

  @Test
  void packagesThatConvertDataAreHeldAndListed() {
    PackageSet installed = set("apt=2.6.1", "mysql-server-8=8.0.30-1", "postgresql-15=15.1");
    Set<String> held = HeldPackages.among(installed);
    assertThat(held).containsExactly("mysql-server-8", "postgresql-15");
    assertThat(HeldPackages.among(set("libpq5=1", "not-mysql=1", "mysqld=1")))
        .containsExactly("mysqld");

    assertThat(HeldPackages.list(installed, held, List.of(), archive, UpdateRequest.everything()))
        .containsExactly(
            new HeldPackage("apt", "2.6.1", "2.6.2", true, "apt keeps it back"),
            new HeldPackage(
                "mysql-server-8", "8.0.30-1", "8.0.40-1", true, "a new version may convert data"));
    List<PlannedChange> plan =
        PlannedChange.parse("Inst apt [2.6.1] (2.6.2 Debian:12.9/oldstable [amd64])");
    assertThat(HeldPackages.list(installed, held, plan, archive, UpdateRequest.everything()))
        .extracting(HeldPackage::name)
        .containsExactly("mysql-server-8");
    assertThat(
            HeldPackages.list(
                installed, held, plan, archive, UpdateRequest.packages(List.of("apt"))))
        .extracting(HeldPackage::name)
        .as("held ones are always named")
        .containsExactly("mysql-server-8");
  }

  @Test
  void aHeldPackageCannotBeNamedNorChangedByAccident() {
    Set<String> held = Set.of("mysql-server-8");
    assertThatThrownBy(() ->
            HeldPackages.refuse(
                "cannot", UpdateRequest.packages(List.of("apt", "mysql-server-8=9")), held))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
    assertThatCode(
            () -> HeldPackages.refuse("cannot", UpdateRequest.packages(List.of("apt")), held))
        .doesNotThrowAnyException();
    List<PlannedChange> plan = PlannedChange.parse("Remv mysql-server-8 [8.0.30-1]");
    assertThatThrownBy(() -> HeldPackages.verify("cannot", plan, held))
        .hasMessageContaining("mysql-server-8");
  }

  @Test
  void preferencesPinTheHeldAndKeepOtherSuitesFromUpgrading() {
    PackageSet installed = set("apt=2.6.1", "mysql-server-8=8.0.30-1");
    List<String> suites = List.of("bookworm", "bookworm-security");
    assertThat(UpdatePreferences.text(installed, Set.of(), suites, false)).isEmpty();
    assertThat(UpdatePreferences.text(installed, Set.of("mysql-server-8"), suites, true))
        .isEqualTo(
            """
            Package: mysql-server-8
            Pin: version 8.0.30-1
            Pin-Priority: 1001

            Package: *
            Pin: release n=bookworm-security
            Pin-Priority: 500

            Package: *
            Pin: release a=bookworm-security
            Pin-Priority: 500

            Package: *
            Pin: release o=*
            Pin-Priority: 90

            """);
  }

  @Test
  void setsOfPackagesAreComparedByKey() {
    PackageSet before = set("a=1", "b=1", "c:i386=1", "same=1");
    PackageSet after = set("a=2", "c:i386=2", "d=1", "same=1");
    assertThat(before.changesTo(after, (name, from, to) -> name.equals("c")))
        .containsExactly(
            new PackageChange("a", "amd64", "1", "2", false),
            new PackageChange("b", "amd64", "1", null, false),
            new PackageChange("c", "amd64", "1", "2", true),
            new PackageChange("d", "amd64", null, "1", false));
    assertThat(before.changesTo(before, (name, from, to) -> true)).isEmpty();
  }

  @Test
  void progressNeverFallsAndIsPrintable() {
    List<Integer> percents = new ArrayList<>();
    List<String> messages = new ArrayList<>();
    UpdateProgress progress =
        new UpdateProgress((percent, message) -> {
          percents.add(percent);
          messages.add(message);
        });
    progress.start();
    for (int i = 0; i < 50; i++) {
      progress.fetching("Get:" + i + " http://x bookworm InRelease [1 kB]");
    }
    progress.fetching("Need to get 15.7 MB of archives.");
    for (int i = 0; i < 50; i++) {
      progress.fetching("Get:" + i + " http://x bookworm/main amd64 apt amd64 2.6.2 [1 kB]");
    }
    progress.installing(2, "updating packages");
    for (String line :
        List.of(
            "Unpacking libssl3:amd64 (3.0.22) over (3.0.20) ...",
            "Setting up libssl3:amd64 (3.0.22) ...",
            "Setting up",
            "Setting up \u001b[2J (1) ...",
            "Processing triggers for libc-bin (2.36) ...",
            "Unpacking tzdata (2) over (1) ...",
            "Setting up tzdata (2) ...",
            "Setting up more (2) ...")) {
      progress.changing(line);
    }
    assertThat(percents).isSorted().last().isEqualTo(UpdateProgress.DONE);
    assertThat(messages)
        .contains("downloading packages", "updating packages: libssl3")
        .noneMatch(m -> m.contains("\u001b"));

    List<String> scripted = new ArrayList<>();
    UpdateProgress other = new UpdateProgress((percent, message) -> scripted.add(message));
    other.installing(0, "running the script");
    other.scripted("hello\u0007");
    other.scripted("  ");
    assertThat(scripted).hasSize(2).noneMatch(m -> m.contains("\u0007"));
    assertThat(scripted.getLast()).startsWith("hello");
  }
}
