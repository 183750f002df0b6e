package org.lamina.manager.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.schema.IdRange;

class SubordinateIdsTest {
  private static final int BASE = 65_536 * 16;

  @Test
  void rangesOfUsers_areNotFree() {
    SubordinateIds ids =
        SubordinateIds.parse(
            List.of("alice:" + (BASE + 65_535) + ":2", "lamina:" + (BASE + 5 * 65_536) + ":65536"));
    assertThat(ids.isFree(new IdRange(BASE))).isFalse();
    assertThat(ids.isFree(new IdRange(BASE + 65_536))).isFalse();
    assertThat(ids.isFree(new IdRange(BASE + 2 * 65_536))).isTrue();
    assertThat(ids.isFree(new IdRange(BASE + 5 * 65_536))).as("our own").isTrue();
  }

  @Test
  void oddLines_areLeftOut() throws Exception {
    assertThat(SubordinateIds.parse(List.of("", "# x", "a:b:c", "a:1", "a:1:2:3")).blocks())
        .isEmpty();
    assertThat(SubordinateIds.read(Path.of("/no/such/file")).blocks()).isEmpty();
  }
}
