package org.lamina.templates.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.TemplateDefinition;

class AptSourcesTest {
  private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
  private static final TemplateDefinition TRIXIE =
      definition("trixie", "trixie", "trixie-updates", "trixie-security");

  @TempDir private Path temp;

  private static TemplateDefinition definition(String release, String... suites) {
    return new TemplateDefinition(
        "t",
        "s",
        "debian",
        release,
        List.of(suites),
        List.of("main"),
        List.of("apt"),
        "systemd",
        List.of());
  }

  @Test
  void readsStanzas() {
    List<AptSource> sources =
        AptSourceParser.deb822(
            """
            # a comment
            Types: deb deb-src
            # http://commented.example/debian
            URIs: http://archive.example/debian
              http://second.example/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            Enabled: no
            URIs: http://off.example/debian
            Suites: bookworm

            Types: deb-src
            URIs: http://source.example/debian
            Suites: bookworm


            types: deb
            uris: http://security.example/debian-security
            suites: bookworm-security
            components: main
            signed-by:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQ==
             -----END PGP PUBLIC KEY BLOCK-----
            """,
            "debian.sources");

    assertThat(sources).hasSize(2);
    assertThat(sources.get(0).uris())
        .containsExactly("http://archive.example/debian", "http://second.example/debian");
    assertThat(sources.get(0).signedBy()).contains(KEYRING);
    assertThat(sources.get(1).suites()).containsExactly("bookworm-security");
    assertThat(sources.get(1).signedBy().orElseThrow()).contains("BLOCK-----\n\nmQ==\n-----END");
  }

  @Test
  void readsLines() {
    List<AptSource> sources =
        AptSourceParser.oneLine(
            """
            deb http://archive.example/debian bookworm main contrib # trailing
            #deb http://commented.example/debian bookworm main
            deb-src http://archive.example/debian bookworm main
            deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]  http://b.example/debian   bookworm main
            deb [signed-by="/k.gpg"] "http://c.example/x" ./
            deb [unclosed http://bad.example bookworm main
            deb
            debris http://bad.example bookworm main
            """,
            "sources.list");

    assertThat(sources)
        .extracting(s -> s.uris().getFirst())
        .containsExactly(
            "http://archive.example/debian", "http://b.example/debian", "http://c.example/x");
    assertThat(sources.get(0).components()).containsExactly("main", "contrib");
    assertThat(sources.get(1).signedBy()).contains(KEYRING);
    assertThat(sources.get(2).signedBy()).contains("/k.gpg");
  }

  @Test
  void readsADirectoryAsAptDoes() throws IOException {
    Path parts = Files.createDirectory(temp.resolve("sources.list.d"));
    Files.writeString(temp.resolve("sources.list"), "deb http://a.example/debian bookworm main\n");
    Files.writeString(
        parts.resolve("b.sources"),
        "Types: deb\nURIs: mirror+file:" + temp + "/mirrors\nSuites: bookworm\nComponents: main\n");
    Files.writeString(temp.resolve("mirrors"), "# list\nhttps://m.example/debian priority:1\n");
    Files.writeString(
        parts.resolve("c.list.disabled"), "deb http://no.example/debian bookworm main\n");

    assertThat(AptSourceFiles.read(temp))
        .extracting(s -> s.uris().getFirst())
        .containsExactly("http://a.example/debian", "https://m.example/debian");
    assertThat(AptSourceFiles.read(temp.resolve("missing"))).isEmpty();
  }

  private static AptSource source(String uri, String signedBy, String component, String... suites) {
    return new AptSource(
        List.of(uri),
        List.of(suites),
        List.of(component),
        signedBy.isEmpty() ? Optional.empty() : Optional.of(signedBy),
        "test");
  }

  @Test
  void anotherReleaseComesFromTheHostsArchive() {
    MirrorPlan plan =
        MirrorPlanner.plan(
            List.of(
                source(
                    "https://vendor.example/repo/debian",
                    "/etc/apt/keyrings/vendor.gpg",
                    "main",
                    "bookworm"),
                source("https://tools.example/linux/debian", "", "stable", "bookworm"),
                source(
                    "http://archive.example/debian",
                    KEYRING,
                    "main",
                    "bookworm",
                    "bookworm-updates"),
                source("http://archive.example/debian", KEYRING, "main", "bookworm-backports"),
                source(
                    "http://security.example/debian-security",
                    KEYRING,
                    "main",
                    "bookworm-security")),
            TRIXIE);

    assertThat(plan.suites())
        .extracting(s -> s.uri() + " " + s.suite())
        .containsExactly(
            "http://archive.example/debian trixie",
            "http://archive.example/debian trixie-updates",
            "http://security.example/debian-security trixie-security");
    assertThat(plan.suites()).allSatisfy(s -> assertThat(s.signedBy()).contains(KEYRING));
  }

  @Test
  void aHostWithoutDebianUsesTheBuiltInDefault() {
    assertThat(
            MirrorPlanner.plan(
                    List.of(source("http://u.example/ubuntu", "", "main", "noble")), TRIXIE)
                .builtIn())
        .isTrue();
    assertThat(
            MirrorPlanner.plan(List.of(source("cdrom:[Debian]", "", "main", "bookworm")), TRIXIE)
                .builtIn())
        .isTrue();
    assertThat(
            MirrorPlanner.plan(
                    List.of(source("http://x.example/debian[trusted=yes]", "", "main", "bookworm")),
                    TRIXIE)
                .builtIn())
        .isTrue();
  }

  @Test
  void securityUpdatesAreNotSilentlyLeftOut() {
    List<AptSource> main = List.of(source("http://archive.example/debian", "", "main", "bookworm"));
    assertThatThrownBy(() -> MirrorPlanner.plan(main, TRIXIE))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED))
        .hasMessageContaining("trixie-security");
    assertThat(MirrorPlanner.plan(main, definition("trixie", "trixie")).suites()).hasSize(1);
  }

  @Test
  void keyringsAreFilesKeysOrTheDefault() throws IOException {
    Path file = Files.writeString(temp.resolve("k.gpg"), "x");
    assertThat(Keyrings.of(Optional.of(file.toString()), temp, "a")).contains(file);
    assertThat(Keyrings.of(Optional.of("\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx"), temp, "b"))
        .contains(temp.resolve("b.asc"));
    assertThat(temp.resolve("b.asc")).hasContent("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n");
    assertThat(Keyrings.of(Optional.of("A".repeat(40)), temp, "c"))
        .isEqualTo(Keyrings.of(Optional.empty(), temp, "c"));
    assertThatThrownBy(() -> Keyrings.of(Optional.of("/no/such.gpg"), temp, "d"))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining("/no/such.gpg");
  }

  @Test
  void theContainersOwnSourcesHoldNoPassword() {
    String text =
        GuestSources.deb822(
            List.of(
                new MirrorPlan.Suite(
                    "https://user:secret@a.example/debian%20x",
                    "s1", List.of("main", "contrib"), Optional.empty()),
                new MirrorPlan.Suite(
                    "https://user:secret@a.example/debian%20x",
                    "s2", List.of("main", "contrib"), Optional.empty()),
                new MirrorPlan.Suite("http://b.example", "s3", List.of("main"), Optional.empty())),
            List.of("/k.gpg", "/k.gpg", ""));

    assertThat(text)
        .contains(
            "URIs: https://a.example/debian%20x\nSuites: s1 s2\nComponents: main contrib\nSigned-By: /k.gpg\n")
        .endsWith("Types: deb\nURIs: http://b.example\nSuites: s3\nComponents: main\n")
        .doesNotContain("secret");
    assertThat(AptSourceParser.deb822(text, "round trip")).hasSize(2);
  }
}
