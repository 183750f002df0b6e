package org.lamina.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamina.agent.proc.ControlFile;

/** The real {@code /proc/sys}, with one setting that is put back. Needs root. */
class HostSettingsIT {
  private static final Path QUEUE = Path.of("/proc/sys/fs/inotify/max_queued_events");
  private String before;

  @BeforeEach
  void remember() throws Exception {
    before = ControlFile.read(QUEUE);
  }

  @AfterEach
  void putBack() throws Exception {
    Files.writeString(QUEUE, before);
  }

  @Test
  void theKernelTakesTheNewValue() throws Exception {
    long now = Long.parseLong(before);
    List<HostSetting> wanted =
        List.of(
            new HostSetting("fs.inotify.max_queued_events", now + 1, "test"),
            new HostSetting("kernel.pid_max", Long.MAX_VALUE, "more than there can be"));
    HostReport report = HostSettings.HOST.raise(wanted);
    assertThat(report.changes())
        .containsExactly(
            new HostReport.Change("fs.inotify.max_queued_events", now, now + 1, "test"));
    assertThat(report.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.text()).contains("kernel.pid_max", "Invalid argument"));
    assertThat(HostSettings.HOST.check().problems())
        .extracting(HostReport.Problem::answer)
        .allMatch(answer -> answer.equals("this kernel does not have it"));
  }
}
