package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a disk with room; what a full one does is tried by the acceptance tests. */
class BallastTest {
  @TempDir Path dir;

  @Test
  void ballast_isTakenGivenUpAndTakenAgain() throws Exception {
    Path file = dir.resolve("ballast");
    Ballast ballast = Ballast.in(dir);
    assertThat(file).hasSize(Ballast.BYTES);
    ballast.release();
    ballast.release();
    assertThat(file).doesNotExist();
    ballast.requireRoom();
    assertThat(file).hasSize(Ballast.BYTES);
  }

  @Test
  void ballast_thatWasCutShortIsCompleted() throws Exception {
    Path file = dir.resolve("ballast");
    Files.write(file, new byte[10]);
    Ballast.in(dir);
    assertThat(file).hasSize(Ballast.BYTES);
  }
}
