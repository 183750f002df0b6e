package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.definition.DefinitionReader;
import org.lamina.templates.rpm.RpmProgress.Phase;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.MergedUsr;

/** What is told to dnf and rpm, and what is read from their words. */
class RpmTextsTest {
  @TempDir private Path temp;

  private static TemplateDefinition shipped(String name) throws Exception {
    return new DefinitionReader()
        .read(name, Files.readString(Path.of("src/main/definitions", name + ".json")));
  }

  @Test
  void variablesAreFilledIn() throws Exception {
    assertThat(RepositoryPlan.of(shipped("almalinux-9")).sources())
        .extracting(RepositoryPlan.Source::url)
        .containsExactly(
            "https://mirrors.almalinux.org/mirrorlist/9/baseos",
            "https://mirrors.almalinux.org/mirrorlist/9/appstream");
    assertThat(RepositoryPlan.of(shipped("centos-stream-10")).sources().getFirst().url())
        .isEqualTo(
            "https://mirrors.centos.org/metalink?repo=centos-baseos-10-stream&arch=x86_64"
                + "&protocol=https,http");
    assertThat(RepositoryPlan.of(shipped("centos-7")).sources().getLast().url())
        .isEqualTo("https://vault.centos.org/7.9.2009/updates/x86_64");
  }

  @Test
  void theOperatorsMirrorTakesThePlaceOfEveryAddress() throws Exception {
    TemplateDefinition d = shipped("oraclelinux-9");
    RpmArchive archive = RepositoryPlan.archive(d);
    TemplateDefinition moved =
        new TemplateDefinition(
            d.name(),
            d.summary(),
            d.family(),
            d.release(),
            List.of(),
            List.of(),
            d.packages(),
            d.init(),
            d.swappableTrees(),
            d.variant(),
            d.maskedUnits(),
            List.of(),
            new RpmArchive(archive.repositories(), archive.keys(), "https://u:secret@m.test/ol//"),
            d.cgroups());
    RepositoryPlan plan = RepositoryPlan.of(moved);
    assertThat(plan.inside(0)).isEqualTo("https://u:secret@m.test/ol/OL9/baseos/latest/x86_64");
    assertThat(plan.names().getFirst())
        .isEqualTo("https://m.test/ol/OL9/baseos/latest/x86_64 baseos");
  }

  @Test
  void nothingOfTheHostCountsInTheConfiguration() throws Exception {
    TemplateDefinition d = shipped("rockylinux-9");
    assertThat(DnfSettings.text(d, RepositoryPlan.of(d), List.of()))
        .contains("\ngpgcheck=1\n", "\nplugins=0\n", "\nskip_if_unavailable=0\n")
        .contains("\nreposdir=/run/lamina/work/none\n", "\nvarsdir=/run/lamina/work/none\n")
        .contains("\nreleasever=9\n", "\nmodule_platform_id=platform:el9\n")
        .contains("[baseos]\nname=baseos\nmirrorlist=https://", "[appstream]")
        .doesNotContain("$");
  }

  @Test
  void theDatabaseIsReadFromItsQuery() throws IOException {
    Files.createSymbolicLink(temp.resolve("bin"), Path.of("usr/bin"));
    RpmDatabase database =
        RpmDatabase.parse(
            List.of(
                "warning: something else",
                "P\trpm\t4.16.1-1.el9\tx86_64",
                "F\trpm\t/bin/rpm",
                "P\tsetup\t2.13-10.el9\tnoarch",
                "P\tglibc\t2.34-1.el9\ti686",
                "P\topenssl\t1:3.0.7-1.el9\tx86_64",
                "F\topenssl\t/etc/pki/a b",
                "F\topenssl\tetc/no-slash",
                "P\tgpg-pubkey\t8483c65d-5ccc5b19\t(none)"),
            MergedUsr.of(new LayerView(List.of(temp))));
    assertThat(database.packages().versions())
        .containsOnlyKeys("glibc:i686", "openssl", "rpm", "setup")
        .containsEntry("openssl", "1:3.0.7-1.el9");
    assertThat(database.owners())
        .containsOnlyKeys("/usr/bin/rpm", "/etc/pki/a b")
        .containsEntry("/usr/bin/rpm", "rpm");
  }

  @Test
  void onlyPrimaryKeysCount() {
    assertThat(
            RepositoryKeys.parse(
                List.of(
                    "pub:-:4096:1:05B555B38483C65D:1556903705:::-:::scSC::::::23::0:",
                    "fpr:::::::::99DB70FAE1D7CE227FB6488205B555B38483C65D:",
                    "uid:-::::1556903705::X::CentOS:::::::::0:",
                    "sub:-:4096:1:AAAAAAAAAAAAAAAA:1556903705::::::e::::::23:",
                    "fpr:::::::::AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:")))
        .containsExactly("99DB70FAE1D7CE227FB6488205B555B38483C65D");
    assertThat(RepositoryKeys.parse(List.of("gpg: no valid OpenPGP data found."))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Package bad-1.rpm is not signed | TEMPLATE_BUILD_FAILED | without a signature",
        "Error: Unable to find a match: nosuch | TEMPLATE_BUILD_FAILED | Correct the packages",
        "Error: Failed to download metadata for repo 'r0': Cannot download repomd.xml | TEMPLATE_BUILD_FAILED | --mirror URL",
        "[Errno 28] No space left on device | DISK_FULL | Make room",
        "installing package x needs 12MB more space on the / filesystem | DISK_FULL | Make room",
        "error: %prein(a-1-1.noarch) scriptlet failed, exit status 3 | TEMPLATE_BUILD_FAILED | leave it out",
        "Public key for x.rpm is not installed. Failing package is: x;Error: GPG check FAILED | TEMPLATE_BUILD_FAILED | --gpgkey FILE",
      })
  void aFailureSaysWhatToDo(String lines, String code, String hint) {
    RpmLog log = new RpmLog();
    log.add("Downloading Packages:");
    for (String line : lines.split(";")) {
      log.add(line);
    }
    LaminaException e = log.failure("cannot build template x", "fetching packages", 1);
    assertThat(e.exitCode()).isEqualTo(ExitCode.valueOf(code));
    assertThat(e.getMessage()).contains(lines.split(";")[0]).doesNotContain("Downloading");
    assertThat(e.hint().orElse("")).contains(hint);
  }

  @Test
  void progressNeverFalls() {
    List<Integer> seen = new ArrayList<>();
    RpmProgress progress = new RpmProgress((percent, message) -> seen.add(percent));
    progress.enter(Phase.FETCH, 0);
    for (int i = 1; i <= 10; i++) {
      progress.accept("(" + i + "/10): p" + i + "-1-1.noarch.rpm  1 kB/s | 1 kB 00:00");
    }
    progress.enter(Phase.UNPACK, 2);
    progress.accept("bash-5.2-1.x86_64");
    progress.accept("warning: group shadow does not exist - using root");
    progress.accept("setup-2-1.noarch");
    progress.enter(Phase.INSTALL, 1);
    progress.accept("bash-5.2-1.x86_64");
    assertThat(seen).isSorted().contains(35, 45, 55).last().isEqualTo(RpmProgress.DONE);
  }
}
