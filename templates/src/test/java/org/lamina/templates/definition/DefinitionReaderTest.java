package org.lamina.templates.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.TemplateDefinition;

class DefinitionReaderTest {
  private static final String GOOD =
      """
      {"summary": "A release", "family": "debian", "release": "bookworm",
       "suites": ["bookworm", "bookworm-updates"], "components": ["main"],
       "packages": ["systemd", "libstdc++6", "bash:amd64"], "init": "systemd",
       "swappableTrees": ["usr"], "maskedUnits": ["dev-hugepages.mount"]}
      """;

  private final DefinitionReader reader = new DefinitionReader();

  @Test
  void everyShippedDefinitionIsGood() {
    DefinitionCatalog catalog =
        DefinitionCatalog.read(java.util.List.of(Path.of("src/main/definitions")));

    assertThat(catalog.problems()).isEmpty();
    assertThat(catalog.definitions().keySet())
        .containsExactly(
            "almalinux-9",
            "centos-7",
            "centos-stream-10",
            "centos-stream-9",
            "debian-11",
            "debian-12",
            "debian-12-sysvinit",
            "debian-13",
            "oraclelinux-9",
            "rockylinux-9");
    assertThat(catalog.definitions().values())
        .allSatisfy(d -> assertThat(d.swappableTrees()).containsExactly("usr"))
        .allSatisfy(d -> assertThat(d.packages()).contains("openssh-server"))
        .allSatisfy(d -> assertThat(d.cgroups()).isEqualTo(d.release().equals("7") ? "v1" : "any"));
    assertThat(catalog.definitions().values().stream().filter(d -> d.rpm() == null))
        .allSatisfy(d -> assertThat(d.packages()).contains("apt"))
        .allSatisfy(d -> assertThat(d.suites()).contains(d.release() + "-security"));
    assertThat(catalog.definitions().values().stream().filter(d -> d.family().equals("rpm")))
        .hasSize(6)
        .allSatisfy(d -> assertThat(d.packages()).contains("rpm", "systemd", "cronie", "rsyslog"));
    assertThat(catalog.definitions().get("debian-12-sysvinit").packages())
        .contains("sysvinit-core")
        .doesNotContain("systemd-sysv");
  }

  @Test
  void readsEveryKey() throws Exception {
    TemplateDefinition d = reader.read("mine", GOOD);

    assertThat(d.name()).isEqualTo("mine");
    assertThat(d.variant()).isEqualTo("minbase");
    assertThat(d.packages()).containsExactly("systemd", "libstdc++6", "bash:amd64");
    assertThat(d.maskedUnits()).containsExactly("dev-hugepages.mount");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"family\": \"debian\"' | '\"family\": \"../x\"'          | family",
        "'\"family\": \"debian\"' | '\"family\": 7'                 | family",
        "'\"release\": \"bookworm\"' | '\"release\": \"-x\"'        | release",
        "'\"bookworm-updates\"'  | '\"a b\"'                        | suites",
        "'\"bookworm-updates\"'  | '\"a/../b\"'                     | suites",
        "'\"bookworm-updates\"'  | '\"bookworm\"'                   | suites",
        "'\"bookworm-updates\"'  | 'null'                           | suites",
        "'[\"main\"]'            | '[]'                             | components",
        "'[\"main\"]'            | '\"main\"'                       | components",
        "'\"libstdc++6\"'        | '\"--help\"'                     | packages",
        "'\"libstdc++6\"'        | '\"dpkg-\"'                      | packages",
        "'\"libstdc++6\"'        | '\"a;reboot\"'                   | packages",
        "'\"libstdc++6\"'        | '\"a,b\"'                        | packages",
        "'\"libstdc++6\"'        | '\"/tmp/x.deb\"'                 | packages",
        "'\"libstdc++6\"'        | '\"?essential\"'                 | packages",
        "'\"libstdc++6\"'        | '\"a\\u0000b\"'                  | packages",
        "'\"init\": \"systemd\"' | '\"init\": \"upstart\"'          | init",
        "'[\"usr\"]'             | '[\"etc\"]'                      | swappableTrees",
        "'[\"usr\"]'             | '[\"usr/lib\"]'                  | swappableTrees",
        "'dev-hugepages.mount'   | '../../passwd.service'           | maskedUnits",
        "'\"summary\": \"A release\"' | '\"summary\": \"a\\u001b[2J\"' | summary",
        "'\"summary\"'           | '\"sumary\"'                     | sumary",
      })
  void namesTheKeyOfAHostileValue(String good, String bad, String key) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> reader.read("mine", GOOD.replace(good, bad)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining("\"" + key + "\"")
        .message()
        .doesNotContainPattern("\\p{Cntrl}");
  }

  private static final String RPM =
      """
      {"summary": "A release", "family": "rpm", "release": "9",
       "repositories": [{"id": "baseos", "path": "$releasever/BaseOS/$basearch/os",
         "mirrorlist": "https://mirrors.example.org/list?arch=$basearch&repo=BaseOS-$releasever"}],
       "keys": [{"file": "/usr/share/keys/A", "fingerprints": ["99DB70FAE1D7CE227FB6488205B555B38483C65D"]}],
       "packages": ["bash", "NetworkManager", "libstdc++"], "init": "systemd"}
      """;

  @Test
  void readsRepositoriesAndKeys() throws Exception {
    TemplateDefinition d = reader.read("mine", RPM);

    assertThat(d.suites()).isEmpty();
    assertThat(d.rpm()).isNotNull();
    assertThat(d.rpm().repositories().getFirst().kind()).isEqualTo(RpmArchive.Kind.MIRRORLIST);
    assertThat(d.rpm().keys().getFirst().fingerprints()).hasSize(1);
    assertThat(d.cgroups()).isEqualTo("any");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirrorlist\"  | mirorlist\"                                | repositories",
        "https://mirrors | ftp://mirrors                            | mirrorlist",
        "https://mirrors | file:///mirrors                          | mirrorlist",
        "https://mirrors | https://a b/                             | mirrorlist",
        "&repo=          | $uuid                                    | mirrorlist",
        "&repo=          | \\n[evil]                                | mirrorlist",
        "$releasever/BaseOS | ../x                                  | path",
        "$releasever/BaseOS | /x                                    | path",
        "\"id\": \"baseos\" | \"id\": \"main]\"                     | id",
        "99DB70          | 99db70                                   | fingerprints",
        "[\"99DB70FAE1D7CE227FB6488205B555B38483C65D\"] | []        | fingerprints",
        "/usr/share/keys/A | keys/A                                 | file",
        "/usr/share/keys/A | /usr/../keys/A                         | file",
        "\"bash\"        | \"-y\"                                   | packages",
        "\"bash\"        | \"/tmp/x.rpm\"                           | packages",
        "\"bash\"        | \"@core\"                                | packages",
        "\"init\":       | \"suites\": [\"x\"], \"init\":            | suites",
        "\"init\":       | \"cgroups\": \"v3\", \"init\":            | cgroups",
      })
  void namesTheKeyOfAHostileRepository(String good, String bad, String key) {
    assertThat(RPM).contains(good);
    assertThatThrownBy(() -> reader.read("mine", RPM.replace(good, bad)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining("\"" + key + "\"")
        .message()
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void aRepositoryHasOneAddress() {
    for (String more : List.of("\"baseurl\": \"http://x/y\", \"mirrorlist\"", "\"id2\"")) {
      assertThatThrownBy(() -> reader.read("mine", RPM.replace("\"mirrorlist\"", more)))
          .isInstanceOf(InvalidDefinitionException.class);
    }
    assertThatThrownBy(
            () -> reader.read("mine", RPM.replaceFirst("(?s)\"repositories\".*?}],", "")))
        .hasMessageContaining("\"repositories\" is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "{", "{} {}", "{\"family\":\"a\",\"family\":\"b\"}", "\u0000"})
  void refusesWhatIsNoDefinition(String text) {
    assertThatThrownBy(() -> reader.read("mine", text))
        .isInstanceOf(InvalidDefinitionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".x", "-x", "a/b", "..", "a..b", "a b", "a\nb", "a@b", "ä", "%s;"})
  void refusesHostileNames(String name) {
    assertThat(DefinitionReader.validName(name)).isFalse();
    assertThatThrownBy(() -> reader.read(name, GOOD))
        .isInstanceOf(InvalidDefinitionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"debian-12", "Debian_12.5", "a", "12"})
  void acceptsUsualNames(String name) {
    assertThat(DefinitionReader.validName(name)).isTrue();
  }
}
