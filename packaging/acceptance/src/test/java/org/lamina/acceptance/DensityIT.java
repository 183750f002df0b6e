package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Fifty systems at once on a small machine, and what they cost beside their own processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DensityIT {
  private static final String TEMPLATE = "debian-12";
  private static final int MANY = 50;
  private static final Duration LONG = Duration.ofMinutes(2);

  private LaminaHost host;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    host.ensureTemplate(TEMPLATE);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @Test
  void fiftyRunAtOnce() throws IOException {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      guests.add(Guest.create(host, 1001 + i, TEMPLATE));
    }
    long daemonBefore = pss(host.daemonPid());
    long begun = System.nanoTime();
    all(guests, "start", "--wait");
    long started = System.nanoTime();
    for (Guest guest : guests) {
      assertThat(guest.text("systemctl is-system-running"))
          .describedAs("container %s", guest.ctid())
          .isEqualTo("running");
    }
    long resident = status(host.daemonPid(), "VmRSS:");
    long growth = Math.max(0, pss(host.daemonPid()) - daemonBefore);
    long helpers = 0;
    for (Guest guest : guests) {
      for (long pid : supervisors(guest.ctid())) {
        helpers += pss(pid);
      }
    }
    long each = (helpers + growth) / MANY;
    System.out.printf(
        "%d systemd containers: all ready after %d ms; daemon %d KiB resident; per container %d KiB"
            + " (helpers %d, daemon %d)%n",
        MANY, (started - begun) / 1_000_000, resident, each, helpers / MANY, growth / MANY);
    assertThat(helpers).isPositive();
    assertThat(resident).describedAs("KiB of the daemon").isLessThanOrEqualTo(200 * 1024);
    assertThat(each).describedAs("KiB per container").isLessThanOrEqualTo(1536);
    Leaks.none(host, "with fifty containers running");

    all(guests, "stop");
    assertThat(Leaks.listed(host).values()).hasSize(MANY).containsOnly("stopped");
    Leaks.none(host, "after fifty containers were stopped");
  }

  private static void all(List<Guest> guests, String command, String... options) {
    List<RunningCommand> begun = new ArrayList<>();
    guests.forEach(g -> begun.add(g.begin(command, options)));
    begun.forEach(c -> c.finish(LONG).ok());
  }

  /** Processes of the daemon's that stay with a container, from whichever hierarchy has them. */
  private List<Long> supervisors(String ctid) throws IOException {
    for (String mount : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = mount.split(" ");
      Path procs =
          Path.of(fields[1]).resolve(host.cgroupName()).resolve(ctid + "-supervisor/cgroup.procs");
      if (fields[2].startsWith("cgroup") && Files.exists(procs)) {
        return Files.readAllLines(procs).stream().map(Long::valueOf).toList();
      }
    }
    throw new NoSuchFileException("cgroup of the helpers of " + ctid);
  }

  /** Proportional set size in KiB. */
  private static long pss(long pid) throws IOException {
    return value(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss:");
  }

  private static long status(long pid, String key) throws IOException {
    return value(Path.of("/proc", Long.toString(pid), "status"), key);
  }

  private static long value(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
