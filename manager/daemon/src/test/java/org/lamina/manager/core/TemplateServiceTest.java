package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.BuildOptions;

class TemplateServiceTest {
  @TempDir Path dir;

  @Test
  void whatNoContainerCouldBootIsNotBuilt() throws IOException {
    try (TestHost host = new TestHost(dir)) {
      TestDaemon daemon = host.boot();
      daemon.runtime.failures.put(
          "requireCgroups V1", new LaminaException(ExitCode.NO_KERNEL_SUPPORT, "none here"));
      TemplateService templates = daemon.core.templates();
      assertThatThrownBy(() -> templates.create("centos-7", BuildOptions.NONE, Listener.SILENT))
          .hasMessage("none here");
      assertThat(templates.list()).extracting(TemplateView::name).containsExactly("debian-12");
      assertThat(templates.create("centos-stream-9", BuildOptions.NONE, Listener.SILENT).template())
          .isEqualTo("centos-stream-9");
    }
  }
}
