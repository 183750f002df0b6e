package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.Counters;
import org.lamina.agent.Statistics;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;

/** Statistics from files as kernels of either version write them. */
class UsageReaderTest {
  private static final String PRESSURE =
      """
      some avg10=12.50 avg60=3.20 avg300=0.70 total=1829
      full avg10=1.00 avg60=0.00 avg300=0.00 total=12
      """;

  @TempDir Path temp;

  private FakeKernel kernel;

  private Statistics read() throws IOException {
    return kernel.detect("0::/").of(new Ctid(101)).statistics();
  }

  private void make() throws IOException {
    kernel.detect("0::/").of(new Ctid(101)).create(new IdRange(131_072), CgroupVersion.V2);
  }

  private Path root() throws IOException {
    return Files.createDirectory(temp.resolve("cgroup"));
  }

  @Test
  void version1() throws IOException {
    kernel = FakeKernel.hybrid(root());
    make();
    String memory = "memory/lamina/101/";
    kernel.put(memory + "memory.usage_in_bytes", "10000000");
    kernel.put(memory + "memory.max_usage_in_bytes", "20000000");
    kernel.put(memory + "memory.failcnt", "4");
    kernel.put(memory + "memory.memsw.failcnt", "3");
    kernel.put(
        memory + "memory.stat",
        "cache 1\ntotal_cache 8000000\ntotal_rss 5\ntotal_swap 4096\ntotal_inactive_file 6000000");
    kernel.put(memory + "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1");
    kernel.put(memory + "payload/memory.oom_control", "under_oom 0\noom_kill 2");
    kernel.put(
        "cpu/lamina/101/cpu.stat", "nr_periods 50\nnr_throttled 34\nthrottled_time 1200000000");
    kernel.put("pids/lamina/101/pids.peak", "40");
    kernel.put("pids/lamina/101/pids.events", "max 1");
    kernel.put("pids/lamina/101/payload/pids.events", "max 2");
    kernel.put(
        "blkio/lamina/101/blkio.throttle.io_service_bytes_recursive",
        "8:0 Read 100\n8:0 Write 200\n8:0 Total 300\n8:16 Read 5\n8:16 Write 0\nTotal 305");
    kernel.put(
        "blkio/lamina/101/blkio.throttle.io_serviced_recursive",
        "8:0 Read 1\n8:0 Write 2\n8:0 Total 3\nTotal 3");
    kernel.put("unified/lamina/101/memory.pressure", PRESSURE);

    Statistics s = read();
    assertThat(s.usage().counters()).isEqualTo(new Counters(4096L, 20_000_000L, 7L, 40L, 3L));
    assertThat(s.memory()).isEqualTo(new Statistics.Memory(4_000_000, 8_000_000, 3L));
    assertThat(s.cpu()).isEqualTo(new Statistics.Cpu(34L, Duration.ofMillis(1200)));
    assertThat(s.disk()).isEqualTo(new Statistics.Disk(105, 200, 1, 2));
    assertThat(s.pressure()).containsOnlyKeys("memory");
    assertThat(s.pressure().get("memory").some()).isEqualTo(new Statistics.Average(12.5, 3.2, 0.7));
    assertThat(s.pressure().get("memory").full().ten()).isEqualTo(1.0);

    kernel.put(memory + "memory.failcnt", "0");
    kernel.put(memory + "memory.memsw.failcnt", "0");
    assertThat(read().usage().counters().memoryHits()).isZero();
    kernel.put(memory + "memory.limit_in_bytes", "20000000");
    assertThat(read().usage().counters().memoryHits()).as("reached and not counted").isNull();
  }

  @Test
  void version2() throws IOException {
    kernel = FakeKernel.pureV2(root());
    make();
    String top = "lamina/101/";
    kernel.put(top + "memory.current", "10000000");
    kernel.put(top + "memory.peak", "20000000");
    kernel.put(top + "memory.swap.current", "4096");
    kernel.put(top + "memory.events", "low 0\nhigh 0\nmax 7\noom 2\noom_kill 3");
    kernel.put(top + "memory.stat", "anon 5\nfile 8000000\ninactive_file 6000000");
    kernel.put(top + "cpu.stat", "usage_usec 1500000\nnr_throttled 34\nthrottled_usec 1200000");
    kernel.put(top + "pids.peak", "40");
    kernel.put(top + "pids.events", "max 3");
    kernel.put(
        top + "io.stat",
        "8:0 rbytes=100 wbytes=200 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=5 wbytes=0 rios=0");
    for (String resource : new String[] {"cpu", "memory", "io"}) {
      kernel.put(top + resource + ".pressure", PRESSURE);
    }

    Statistics s = read();
    assertThat(s.usage().counters()).isEqualTo(new Counters(4096L, 20_000_000L, 7L, 40L, 3L));
    assertThat(s.memory()).isEqualTo(new Statistics.Memory(4_000_000, 8_000_000, 3L));
    assertThat(s.cpu()).isEqualTo(new Statistics.Cpu(34L, Duration.ofMillis(1200)));
    assertThat(s.disk()).isEqualTo(new Statistics.Disk(105, 200, 1, 2));
    assertThat(s.pressure()).containsOnlyKeys("cpu", "memory", "io");
  }

  @Test
  void whatIsNotCountedIsNotInvented() throws IOException {
    for (FakeKernel each :
        new FakeKernel[] {
          FakeKernel.hybrid(Files.createDirectory(temp.resolve("1"))),
          FakeKernel.pureV2(Files.createDirectory(temp.resolve("2")))
        }) {
      kernel = each;
      make();
      Statistics s = read();
      assertThat(s.usage().counters()).isEqualTo(Counters.NONE);
      assertThat(s.cpu()).isEqualTo(new Statistics.Cpu(null, null));
      assertThat(s.memory().kills()).isNull();
      assertThat(s.disk()).isNull();
      assertThat(s.pressure()).isEmpty();
    }
  }
}
