package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;

/**
 * What every limit of the table becomes on a tree of either layout, and that it comes off again.
 */
class LimitTableTest {
  private static final Path TABLE = Path.of("../schema/src/test/resources/limit-values.table");
  private static final Ctid CT = new Ctid(101);
  private static final TestMachine MACHINE = TestMachine.disk("bfq");

  private static FakeKernel v1;
  private static FakeKernel v2;

  /** One tree of each layout serves all rows: each takes off what it put on. */
  @BeforeAll
  static void make(@TempDir Path temp) throws IOException {
    v1 = FakeKernel.hybrid(Files.createDirectories(temp.resolve("1/cgroup")));
    v2 = FakeKernel.pureV2(Files.createDirectories(temp.resolve("2/cgroup")));
    cgroup(v1).create(new IdRange(131_072), CgroupVersion.V2);
    cgroup(v2).create(new IdRange(131_072), CgroupVersion.V2);
  }

  private static ContainerCgroup cgroup(FakeKernel kernel) throws IOException {
    return kernel.detect("0::/").of(CT);
  }

  static Stream<Arguments> accepted() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" \\| "))
        .filter(row -> row.length == 4)
        .map(row -> Arguments.of(row[0], row[1], row[2], row[3]));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyValue_isWritten_andTakenOff(String words, String saved, String one, String two)
      throws IOException {
    assertThat(writes(v1, limits(saved))).as("%s on v1", words).isEqualTo(one);
    assertThat(writes(v2, limits(saved))).as("%s on v2", words).isEqualTo(two);
  }

  private static Limits limits(String saved) {
    Map<String, String> keys = new HashMap<>();
    Stream.of(saved.split(" "))
        .filter(pair -> !pair.equals("-"))
        .forEach(pair -> {
          int at = pair.indexOf('=');
          keys.put(pair.substring(0, at), pair.substring(at + 1));
        });
    return LimitKeys.read(
        new LimitKeys.Source() {
          @Override
          public <T> @Nullable T take(String key, Function<String, ? extends @Nullable T> read) {
            String text = keys.get(key);
            return text == null ? null : read.apply(text);
          }
        });
  }

  private static String writes(FakeKernel kernel, Limits limits) throws IOException {
    ContainerCgroup cgroup = cgroup(kernel);
    kernel.log.clear();
    try {
      var _ = cgroup.apply(limits, MACHINE);
    } catch (LaminaException e) {
      assertThat(kernel.log).as("nothing is written of what is refused").isEmpty();
      return "refused " + e.exitCode();
    }
    List<String> written = List.copyOf(kernel.log);
    kernel.log.clear();
    assertThat(cgroup.apply(limits, MACHINE)).isEmpty();
    assertThat(kernel.log).as("what holds is not written again").isEmpty();
    var _ = cgroup.apply(Limits.NONE, MACHINE);
    assertThat(kernel.log.isEmpty())
        .as("it comes off: %s", kernel.log)
        .isEqualTo(written.isEmpty());
    return written.isEmpty()
        ? "-"
        : String.join(" ; ", written.stream().map(LimitTableTest::shortened).toList());
  }

  /** Without the hierarchy and the container, which are the same everywhere. */
  private static String shortened(String write) {
    return write
        .replaceFirst("^(?:[a-z]+/)?lamina/101/", "")
        .replaceFirst("^lamina/", "../")
        .replace("8:0", "DISK");
  }
}
