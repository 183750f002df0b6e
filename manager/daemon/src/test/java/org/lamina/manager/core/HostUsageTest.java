package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.manager.cli.Samples;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

class HostUsageTest {
  private static final HostUsage.Capacity HOST =
      new HostUsage.Capacity(4L << 30, 1L << 30, 2L << 30, 2L << 30, 2, 32_768, 100, 40);

  @TempDir Path dir;

  private static ContainerView view(int ctid, ContainerView.Status status, Limits limits) {
    return Samples.view(Samples.container(ctid, null, null, limits), status);
  }

  @Test
  void limitsAreAddedUp_forThoseThatRunAndForAll() {
    Limits gig = new Limits(new ByteSize(1L << 30), null, 50.0, null, 100L);
    Limits open = new Limits(ByteSize.UNLIMITED, null, 0.0, null, Long.MAX_VALUE);
    List<HostUsage.Resource> all =
        HostUsage.of(
            HOST,
            List.of(
                view(101, ContainerView.Status.RUNNING, gig),
                view(102, ContainerView.Status.RUNNING, open),
                view(103, ContainerView.Status.STOPPED, gig),
                view(104, ContainerView.Status.STOPPED, Limits.NONE)));
    long memory = 1L << 30;
    assertThat(all)
        .containsExactly(
            new HostUsage.Resource(
                "memory", "bytes", 4 * memory, 3 * memory, memory, 2 * memory, 1L),
            new HostUsage.Resource("swap", "bytes", 2 * memory, 0L, 0L, 0L, 2L),
            new HostUsage.Resource("cpu", "percent", 200, null, 50L, 100L, 1L),
            new HostUsage.Resource("processes", "count", 32_768, 46L, 100L, 200L, 1L),
            new HostUsage.Resource("disk", "bytes", 100, 60L, null, null, null));
  }

  @Test
  void theKernelsWordsAreRead() throws Exception {
    assertThat(HostCapacity.memory("MemTotal:       16 kB\nHugePages_Total:       0\nX: 1 kB\n"))
        .isEqualTo(Map.of("MemTotal", 16_384L, "X", 1024L));
    Files.createDirectories(dir.resolve("sys/kernel"));
    Files.writeString(dir.resolve("sys/kernel/pid_max"), "4194304\n");
    Files.writeString(dir.resolve("meminfo"), "MemTotal: 8 kB\nMemAvailable: 4 kB\n");
    HostUsage.Capacity read = HostCapacity.read(dir, dir);
    assertThat(read.processes()).isEqualTo(4_194_304);
    assertThat(read.memory()).isEqualTo(8192);
    assertThat(read.memoryFree()).isEqualTo(4096);
    assertThat(read.disk()).isPositive();
  }
}
