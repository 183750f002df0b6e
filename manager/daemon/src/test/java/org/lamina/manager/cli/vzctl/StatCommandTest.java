package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.lamina.agent.Statistics;
import org.lamina.agent.Usage;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.core.StatisticsReport;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

class StatCommandTest {
  private static final Limits LIMITS =
      new Limits(new ByteSize(512L << 20), new ByteSize(1L << 30), 12.5, null, 200L)
          .edit()
          .ioLimit(new ByteSize(10 << 20))
          .build();

  private static StatisticsReport report(Limits limits, Statistics first, Duration between) {
    return new StatisticsReport(
        Samples.container(101, "web", "web1", limits), limits, first, Samples.STATISTICS, between);
  }

  private static Statistics earlier() {
    Statistics s = Samples.STATISTICS;
    return new Statistics(
        new Usage(20, 1, s.usage().cpu().minusMillis(500), s.usage().counters()),
        s.cpu(),
        s.memory(),
        new Statistics.Disk(1 << 20, 7 << 20, 1, 80),
        s.pressure());
  }

  @Test
  void forPeople() {
    assertThat(StatCommand.text(report(LIMITS, earlier(), Duration.ofSeconds(2))))
        .isEqualTo(
            """
            CTID       101
            cpu        25.0% of one CPU, 9.0 s since the start, limit 12.5%, throttled 34 times
            memory     working set 100.0M, cache 50.0M, swap 4.0K, peak 200.0M of 512.0M
                       limit hit 7 times, processes killed 2
            disk       reads 2.0M/s, writes 0B/s; 5.0M read, 7.0M written since the start
            processes  23, peak 40 of 200, refused 1 time
            waiting    memory 1.5% of the last 10 s
            """);
    assertThat(StatCommand.text(report(Limits.NONE, Samples.STATISTICS, Duration.ZERO)).lines())
        .contains(
            "cpu        9.0 s since the start, limit none, throttled 34 times",
            "disk       5.0M read, 7.0M written since the start")
        .anyMatch(line -> line.endsWith("peak 200.0M of unlimited"))
        .anyMatch(line -> line.startsWith("processes  23, peak 40 of unlimited"));
  }

  @Test
  void asCounters() {
    assertThat(StatCommand.table(report(LIMITS, Samples.STATISTICS, Duration.ZERO)))
        .isEqualTo(
            """
            resource    held  maxheld    barrier      limit  failcnt
            physpages  38400    51200     131072     131072        7
            swappages      1        -     262144     262144        -
            numproc       23       40        200        200        1
            oomkill        2        -  unlimited  unlimited        2
            """);
  }

  @Test
  void forScripts() {
    var map = report(LIMITS, earlier(), Duration.ofSeconds(2)).toMap();
    assertThat(map)
        .containsOnlyKeys("ctid", "cpu", "memory", "disk", "network", "processes", "pressure");
    assertThat(map.get("cpu").toString())
        .isEqualTo(
            "{percent=25.0, limit_percent=12.5, cpus=null, seconds=9.0, throttled=34,"
                + " throttled_seconds=1.2}");
    assertThat(map.get("memory").toString())
        .contains("working_set=104857600", "limit=536870912", "limit_hits=7", "killed=2");
    assertThat(map.get("disk").toString())
        .contains("read_rate=2097152.0", "write_rate=0.0", "rate_limit=10485760");
    assertThat(map.get("processes").toString())
        .isEqualTo("{current=23, peak=40, limit=200, refused=1}");
  }
}
