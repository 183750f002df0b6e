package org.lamina.manager.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.manager.core.Descriptors;

class KernelDescriptorsTest {
  private final FileCalls files = Kernel.linux().files();
  private final Descriptors descriptors = new KernelDescriptors(files);

  @Test
  void input_givesTheBytesAndTheEnd() {
    try (Fd in = descriptors.input("root:s3cret\n".getBytes(StandardCharsets.UTF_8))) {
      assertThat(new String(files.read(in, 100), StandardCharsets.UTF_8))
          .isEqualTo("root:s3cret\n");
      assertThat(files.read(in, 100)).isEmpty();
    }
    assertThatThrownBy(() -> descriptors.input(new byte[5000]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void capture_givesWhatWasWritten_alsoNothing_withoutWaiting() {
    try (Descriptors.Capture capture = descriptors.capture()) {
      files.write(capture.sink(), "it failed".getBytes(StandardCharsets.UTF_8));
      assertThat(capture.text().strip()).isEqualTo("it failed");
    }
    try (Descriptors.Capture capture = descriptors.capture()) {
      assertThat(capture.text().strip()).isEmpty();
    }
  }
}
