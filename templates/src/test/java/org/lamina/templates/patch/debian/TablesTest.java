package org.lamina.templates.patch.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.templates.patch.Attributes;
import org.lamina.templates.patch.merge.Alternative;

/** dpkg's smaller tables: merged, and read for what the container set itself. */
class TablesTest {
  private static final String SH = "/bin/sh\n/bin/sh.distrib\ndash\n";

  @Test
  void diversionsJoinByPath() {
    String mine = SH + "/usr/bin/x\n/usr/bin/x.distrib\n:\n";
    String next = SH + "/usr/bin/y\n/usr/bin/y.old\nfoo\n";
    assertThat(LineMerge.diversions(SH, mine, next))
        .isEqualTo(SH + "/usr/bin/y\n/usr/bin/y.old\nfoo\n/usr/bin/x\n/usr/bin/x.distrib\n:\n");
    assertThat(LineMerge.diversions(SH, mine, "")).isEqualTo(mine.substring(SH.length()));
  }

  @Test
  void overridesJoinByPathAndTheContainerWins() {
    String base = "root crontab 2755 /usr/bin/crontab\n";
    String mine = "root crontab 2750 /usr/bin/crontab\nroot ops 4750 /usr/bin/su\n";
    String next = "root crontab 2711 /usr/bin/crontab\nroot msg 4754 /usr/lib/helper\n";
    assertThat(LineMerge.statoverrides(base, mine, next))
        .isEqualTo(
            """
            root crontab 2750 /usr/bin/crontab
            root msg 4754 /usr/lib/helper
            root ops 4750 /usr/bin/su
            """);
  }

  @Test
  void triggersJoinByLine() {
    assertThat(
            LineMerge.lines(
                "/usr/lib/a systemd/noawait\n",
                "/usr/lib/a systemd/noawait\n/etc/nginx nginx\n",
                "/usr/lib/a systemd/noawait\n/usr/lib/b dbus/noawait\n"))
        .isEqualTo("/usr/lib/a systemd/noawait\n/usr/lib/b dbus/noawait\n/etc/nginx nginx\n");
  }

  @Test
  void certificatesThatTheContainerDeselectedStayOut() {
    assertThat(
            LineMerge.certificates(
                "# c\nmozilla/A.crt\nmozilla/B.crt\n",
                "# c\n!mozilla/A.crt\nmozilla/B.crt\nlocal/L.crt\n",
                "# c\nmozilla/A.crt\nmozilla/C.crt\n"))
        .isEqualTo("# c\n!mozilla/A.crt\nmozilla/C.crt\nlocal/L.crt\n");
  }

  @Test
  void packagesMarkedAsAutomaticJoin() {
    String base = Samples.of("extended_states");
    String mine = base + "Package: nginx-common\nArchitecture: all\nAuto-Installed: 1\n\n";
    String next = base + "Package: libnew\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    assertThat(LineMerge.stanzas(base, mine, next, List.of("Package", "Architecture")))
        .isEqualTo(
            base
                + """
                Package: libnew
                Architecture: amd64
                Auto-Installed: 1

                Package: nginx-common
                Architecture: all
                Auto-Installed: 1

                """);
  }

  @Test
  void answersToQuestionsJoin() {
    String base = Samples.of("config.dat");
    String mine = base.replace("Owners: base-passwd", "Value: true\nOwners: base-passwd");
    String next = base + "Name: tzdata/Zones\nTemplate: tzdata/Zones\nOwners: tzdata\n\n";
    assertThat(LineMerge.stanzas(base, mine, next, List.of("Name")))
        .isEqualTo(mine + "Name: tzdata/Zones\nTemplate: tzdata/Zones\nOwners: tzdata\n\n");
  }

  @Test
  void aRealAlternativeComesBackAsItWasRead() {
    String awk = Samples.of("alternative-awk");
    assertThat(Alternative.parse(awk).orElseThrow().text()).isEqualTo(awk);
  }

  @Test
  void choicesOfBothSidesJoinAndTheContainersModeStays() {
    String base = "auto\n/usr/bin/awk\n\n/usr/bin/mawk\n5\n\n";
    String mine = "manual\n/usr/bin/awk\n\n/usr/bin/gawk\n10\n/usr/bin/mawk\n5\n\n";
    String next = "auto\n/usr/bin/awk\n\n/usr/bin/mawk\n6\n/usr/bin/original-awk\n1\n\n";
    assertThat(Alternative.merge(base, mine, next))
        .contains(
            "manual\n/usr/bin/awk\n\n/usr/bin/gawk\n10\n/usr/bin/mawk\n6\n/usr/bin/original-awk\n1\n\n");
  }

  @Test
  void newSlavesAreEmptyForOthersChoices() {
    String base = "auto\n/usr/bin/awk\n\n/usr/bin/mawk\n5\n\n";
    String mine = "auto\n/usr/bin/awk\n\n/usr/bin/gawk\n10\n/usr/bin/mawk\n5\n\n";
    String next = "auto\n/usr/bin/awk\nawk.1.gz\n/m/awk.1.gz\n\n/usr/bin/mawk\n5\n/m/mawk.1.gz\n\n";
    assertThat(Alternative.merge(base, mine, next))
        .contains(
            """
            auto
            /usr/bin/awk
            awk.1.gz
            /m/awk.1.gz

            /usr/bin/gawk
            10

            /usr/bin/mawk
            5
            /m/mawk.1.gz

            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "auto", "maybe\n/usr/bin/awk\n\n\n"})
  void aDamagedAlternativeIsNotMerged(String text) {
    assertThat(Alternative.merge("", text, Samples.of("alternative-awk"))).isEmpty();
  }

  @Test
  void diversionsOfTheContainerAloneCount() {
    Tables tables =
        new Tables(
            SH + "/lib/x.so\n/lib/x.so.old\n:\n/usr/bin/y\n/usr/bin/y.d\nfoo\n",
            SH,
            "",
            "",
            "",
            "");
    assertThat(tables.diverted("usr/lib/x.so", "bar")).contains("usr/lib/x.so.old");
    assertThat(tables.diverted("usr/bin/y", "bar")).contains("usr/bin/y.d");
    assertThat(tables.diverted("usr/bin/y", "foo")).as("the diverter's own file").isEmpty();
    assertThat(tables.diverted("usr/bin/sh", "bar")).as("the template's").isEmpty();
  }

  @Test
  void overridesOfTheContainerAloneCountWithItsNumbers() {
    Tables tables =
        new Tables(
            "",
            "",
            """
            root crontab 2755 /usr/bin/crontab
            bob ops 4750 /usr/bin/su
            #5 #6 700 /bin/z
            ghost root 0755 /usr/bin/g
            """,
            "root crontab 2755 /usr/bin/crontab\n",
            "bob:x:1000:1000::/:\n",
            "ops:x:77:\n");
    assertThat(tables.override("usr/bin/su")).contains(new Attributes("4750", 1000, 77));
    assertThat(tables.override("usr/bin/z")).contains(new Attributes("0700", 5, 6));
    assertThat(tables.override("usr/bin/crontab")).isEmpty();
    assertThat(tables.override("usr/bin/g")).as("nobody of that name").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "etc/ld.so.cache, ldconfig",
    "etc/ssl/certs/ca-certificates.crt, update-ca-certificates",
    "etc/ssl/certs/5ed36f99.0, update-ca-certificates",
    "usr/lib/locale/locale-archive, locale-gen",
    "usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache, iconvconfig",
    "usr/share/mime/mime.cache, update-mime-database /usr/share/mime",
    "usr/share/icons/hicolor/icon-theme.cache, gtk-update-icon-cache -f /usr/share/icons/hicolor",
    "usr/lib/x86_64-linux-gnu/gio/modules/giomodule.cache,"
        + " /usr/lib/x86_64-linux-gnu/glib-2.0/gio-querymodules /usr/lib/x86_64-linux-gnu/gio/modules",
    "etc/udev/hwdb.bin, systemd-hwdb update",
  })
  void derivedFilesHaveTheirTools(String path, String command) {
    assertThat(DerivedFile.of(path)).map(d -> String.join(" ", d.command())).contains(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/ld.so.conf", "usr/lib/libssl.so.3", "etc/ssl/openssl.cnf"})
  void otherFilesAreNotDerived(String path) {
    assertThat(DerivedFile.of(path)).isEmpty();
  }
}
