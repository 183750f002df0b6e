package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.templates.patch.debian.DebianFamily;

/** A thousand stopped containers are planned in five seconds of one processor. */
class PlanSpeedIT {
  private static final int CONTAINERS = 1000;
  private static final int DELTAS = 50;

  @TempDir private Path temp;

  @Test
  void aThousandContainers() throws IOException {
    World world = World.of();
    for (int i = 0; i < 150; i++) {
      world.installed("package" + i, "1." + i, "Depends: libc6 (>= 2.30), dash | libc6\n");
    }
    for (int i = 0; i < 12; i++) {
      world.updated("lib" + i, "1.0-1", "1.0-2", "Depends: libc6 (>= 2.30)\n");
      for (int k = 0; k < 75; k++) {
        world.file("usr/lib/lib" + i + "/" + k, "lib" + i, "old", "new");
      }
    }
    world.plan(Move.stopped());
    GenerationDiff diff = world.diff();
    Planner planner =
        new Planner(diff, world.base, world.next, new DebianFamily(diff, world.base, world.next));
    for (int i = 0; i < DELTAS; i++) {
      fill(
          temp.resolve("ct" + i),
          i % 2 == 0 ? "" : world.baseStatus() + World.stanza("nginx", "1"));
    }

    long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int mergeable = 0;
    for (int i = 0; i < CONTAINERS; i++) {
      DeltaLayers layers = DeltaLayers.of(temp.resolve("ct" + i % DELTAS));
      DeltaTree tree = DeltaScan.scan(layers, planner.interest());
      PatchPlan plan =
          planner.plan(World.CT, tree, new DeltaReader(layers, tree, 0), Move.stopped());
      mergeable += plan.summary().planClass() == PlanClass.MERGEABLE ? 1 : 0;
    }
    Duration spent =
        Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from);

    assertThat(mergeable).isEqualTo(CONTAINERS / 2);
    assertThat(spent).isLessThan(Duration.ofSeconds(5));
    System.out.println(
        "planned " + CONTAINERS + " containers in " + spent.toMillis() + " ms of CPU");
  }

  /** Two hundred objects, most of them where the update changes nothing. */
  private static void fill(Path container, String status) throws IOException {
    for (int i = 0; i < 100; i++) {
      write(container.resolve("root/upper/var/lib/app" + i % 7 + "/" + i), "x");
      write(container.resolve("usr/upper/lib/own" + i % 9 + "/" + i), "x");
    }
    if (!status.isEmpty()) {
      write(container.resolve("root/upper/" + World.STATUS), status);
      write(container.resolve("usr/upper/lib/lib0/0"), "old");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
