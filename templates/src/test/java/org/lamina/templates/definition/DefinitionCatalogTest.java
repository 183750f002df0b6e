package org.lamina.templates.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionCatalogTest {
  @TempDir private Path temp;
  private Path shipped;
  private Path operator;

  @BeforeEach
  void directories() throws IOException {
    shipped = Files.createDirectory(temp.resolve("shipped"));
    operator = Files.createDirectory(temp.resolve("operator"));
  }

  private static void put(Path directory, String name, String summary) throws IOException {
    Files.writeString(
        directory.resolve(name + ".json"),
        """
        {"summary": "%s", "family": "debian", "release": "bookworm", "suites": ["bookworm"],
         "components": ["main"], "packages": ["systemd"], "init": "systemd"}
        """
            .formatted(summary));
  }

  private DefinitionCatalog read() {
    return DefinitionCatalog.read(List.of(shipped, operator));
  }

  @Test
  void theOperatorWinsByName() throws IOException {
    put(shipped, "a", "shipped a");
    put(shipped, "b", "shipped b");
    put(operator, "b", "mine");

    assertThat(read().definitions().values())
        .extracting(d -> d.name() + " " + d.summary())
        .containsExactly("a shipped a", "b mine");
  }

  @Test
  void aBadFileHidesOnlyItself() throws IOException {
    put(shipped, "a", "fine");
    Files.writeString(operator.resolve("bad.json"), "{\"packages\": 1}");
    Files.write(operator.resolve("binary.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
    Files.write(operator.resolve("long.json"), new byte[300_000]);
    Files.createDirectory(operator.resolve("directory.json"));
    Files.writeString(operator.resolve("-x.json"), "{}");
    Files.writeString(operator.resolve("notes.txt"), "not read");
    Files.writeString(operator.resolve(".hidden.json"), "not read");

    DefinitionCatalog catalog = read();

    assertThat(catalog.definitions()).containsOnlyKeys("a");
    assertThat(catalog.problems()).containsOnlyKeys("-x", "bad", "binary", "directory", "long");
    assertThat(catalog.problems().get("bad").reason()).contains("bad.json").contains("\"family\"");
    assertThat(catalog.problems().get("bad").file()).isEqualTo(operator.resolve("bad.json"));
  }

  @Test
  void aBrokenOverrideDoesNotFallBackToTheShippedOne() throws IOException {
    put(shipped, "a", "shipped");
    Files.writeString(operator.resolve("a.json"), "{");

    assertThat(read().definitions()).isEmpty();
    assertThat(read().problems()).containsOnlyKeys("a");
  }

  @Test
  void aMissingDirectoryHoldsNothing() throws IOException {
    Files.delete(operator);
    put(shipped, "a", "shipped");

    assertThat(read().definitions()).containsOnlyKeys("a");
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void nearMissesAreNamed() {
    List<String> names = List.of("debian-11", "debian-12", "debian-12-sysvinit", "alpine");
    assertThat(NearNames.hint("debian-21", names))
        .startsWith("Did you mean debian-11 or debian-12");
    assertThat(NearNames.hint("debain-12", names)).contains("debian-12");
    assertThat(NearNames.hint("alp", names)).isEqualTo("Did you mean alpine?");
    assertThat(NearNames.hint("zzzzzz", names)).startsWith("Known are: alpine, debian-11");
    assertThat(NearNames.hint("x".repeat(10_000), names)).startsWith("Known are:");
  }
}
