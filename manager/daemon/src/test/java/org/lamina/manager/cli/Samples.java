package org.lamina.manager.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.lamina.agent.Counters;
import org.lamina.agent.Statistics;
import org.lamina.agent.Usage;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerView;
import org.lamina.manager.core.TemplateView;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;
import org.lamina.schema.Limits;
import org.lamina.templates.Generation;

/** Containers and templates for tests. */
public final class Samples {
  /** A value in every place. */
  public static final Statistics STATISTICS =
      new Statistics(
          new Usage(
              23, 150L << 20, Duration.ofSeconds(9), new Counters(4096L, 200L << 20, 7L, 40L, 1L)),
          new Statistics.Cpu(34L, Duration.ofMillis(1200)),
          new Statistics.Memory(100L << 20, 50L << 20, 2L),
          new Statistics.Disk(5L << 20, 7L << 20, 60, 80),
          Map.of(
              "memory",
              new Statistics.Pressure(
                  new Statistics.Average(1.5, 0.5, 0.25), new Statistics.Average(0, 0, 0))));

  public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private Samples() {}

  public static Container container(int ctid, String name, String hostname, Limits limits) {
    return Container.of(
            new Ctid(ctid),
            new UUID(0, ctid),
            "debian-12",
            0,
            new IdRange(65536 * 16),
            NOW.minus(Duration.ofDays(2)))
        .name(name)
        .hostname(hostname)
        .limits(limits)
        .build();
  }

  public static ContainerView view(Container container, ContainerView.Status status) {
    boolean running = status == ContainerView.Status.RUNNING;
    return new ContainerView(
        container,
        status,
        Path.of("/var/lib/lamina/root/" + container.ctid()),
        Path.of("/var/lib/lamina/private/" + container.ctid()),
        running ? new Usage(23, 150L << 20, Duration.ofSeconds(9)) : null,
        running ? NOW.minus(Duration.ofSeconds(93784)) : null,
        running,
        null,
        null);
  }

  public static ContainerView running(int ctid, String name, String hostname) {
    return view(container(ctid, name, hostname, Limits.NONE), ContainerView.Status.RUNNING);
  }

  public static ContainerView stopped(int ctid, String name, String hostname) {
    return view(container(ctid, name, hostname, Limits.NONE), ContainerView.Status.STOPPED);
  }

  public static TemplateView built(String name, Ctid... users) {
    return new TemplateView(name, Optional.empty(), Optional.of(generation(name)), List.of(users));
  }

  public static TemplateView unbuilt(String name) {
    return new TemplateView(name, Optional.empty(), Optional.empty(), List.of());
  }

  public static Generation generation(String name) {
    return new Generation(
        name,
        0,
        Path.of("/var/lib/lamina/template/" + name + "/0"),
        List.of(Path.of("/var/lib/lamina/template/" + name + "/0/fs")),
        List.of("usr"),
        CgroupVersion.V2,
        NOW,
        287_654_321,
        142);
  }
}
