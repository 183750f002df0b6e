package org.lamina.agent.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ControlFileTest {
  @Test
  void aNumberBelowProcSysIsReadWhole() throws IOException {
    // At least 32768 everywhere; a reader that begins with one byte sees one digit of it.
    assertThat(ControlFile.read(Path.of("/proc/sys/kernel/pid_max"))).hasSizeGreaterThan(4);
  }

  @Test
  void aRandomIdIsReadWhole() throws IOException {
    assertThat(ControlFile.read(Path.of("/proc/sys/kernel/random/boot_id"))).hasSize(36);
  }

  @Test
  void whatIsMissingIsTold() {
    assertThatThrownBy(() -> ControlFile.read(Path.of("/proc/sys/no-such-key")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
