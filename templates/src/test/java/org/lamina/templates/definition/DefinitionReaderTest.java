package org.lamina.templates.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        .containsExactly("debian-11", "debian-12", "debian-12-sysvinit", "debian-13");
    assertThat(catalog.definitions().values())
        .allSatisfy(d -> assertThat(d.swappableTrees()).containsExactly("usr"))
        .allSatisfy(d -> assertThat(d.packages()).contains("apt", "openssh-server"))
        .allSatisfy(d -> assertThat(d.suites()).contains(d.release() + "-security"));
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
