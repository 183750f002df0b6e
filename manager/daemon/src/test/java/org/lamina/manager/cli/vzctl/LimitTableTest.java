package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;

/** What every limit of the table is saved as, or that it is refused. */
class LimitTableTest {
  private static final Path TABLE = Path.of("../../schema/src/test/resources/limit-values.table");

  static Stream<Arguments> rows() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" \\| "))
        .map(row -> Arguments.of(row[0], row[1]));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyValue_isSaved_orRefused(String words, String saved) {
    assertThat(saved(words)).isEqualTo(saved);
  }

  private static String saved(String words) {
    List<String> line = new ArrayList<>(List.of("101"));
    line.addAll(List.of((words + " --save").split(" ")));
    Map<String, @Nullable String> keys = new TreeMap<>();
    try {
      var asked = SetArguments.read(SetOptions.TABLE.parse("vzctl set", line)).change();
      LimitKeys.render(asked.limits(), keys);
      asked.config().disk().render(keys);
      asked.config().kept().forEach((key, kept) -> keys.put(key, kept.value()));
    } catch (LaminaException e) {
      return "refused " + e.exitCode();
    }
    return keys.entrySet().stream()
        .filter(e -> e.getValue() != null)
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }
}
