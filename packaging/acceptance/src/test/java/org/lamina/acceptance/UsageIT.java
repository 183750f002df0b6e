package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a container uses and how often it met its limits, as the commands tell it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageIT {
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 991, "debian-12");
    guest
        .vzctl(
            "set", "--ram", "96M", "--swap", "0", "--numproc", "60", "--cpulimit", "40", "--save")
        .ok();
    guest.started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  /** What else runs on this machine must not take away what the limit leaves. */
  private void weigh() throws IOException {
    Path top = Path.of("/sys/fs/cgroup");
    boolean split = Files.isDirectory(top.resolve("cpu"));
    Path base = (split ? top.resolve("cpu") : top).resolve(host.cgroupName());
    Files.writeString(
        base.resolve(split ? "cpu.shares" : "cpu.weight"), split ? "262144" : "10000");
  }

  private JsonNode stat(String... options) {
    return stat(guest, options);
  }

  private static JsonNode stat(Guest guest, String... options) {
    String[] all = new String[options.length + 1];
    all[0] = "-j";
    System.arraycopy(options, 0, all, 1, options.length);
    return JsonMapper.shared().readTree(guest.vzctl("stat", all).ok().stdout()).get(0);
  }

  @Test
  void limitHitsAndKillsAreCounted() throws IOException {
    weigh();
    JsonNode before = stat("--interval", "0");
    assertThat(before.get("memory").get("limit").asLong()).isEqualTo(96 << 20);
    assertThat(guest.sh("perl -e '$x = \"a\" x 300e6'").exit()).isEqualTo(137);
    guest.sh(
        "perl -e 'for (1..100) { my $p = fork; defined $p or last; $p or sleep 3, exit } kill 15, -$$'");
    guest.sh("pkill perl; true");
    guest.sh("dd if=/dev/zero of=/root/load bs=1M count=8 oflag=direct; rm /root/load").ok();
    guest.sh("perl -e '$SIG{ALRM} = sub { exit }; alarm 1; 1 while 1'").ok();
    JsonNode after = stat("--interval", "0");
    JsonNode memory = after.get("memory");
    assertThat(memory.get("killed").asLong())
        .isEqualTo(before.get("memory").get("killed").asLong() + 1);
    // Linux 6.18 counts none on cgroup v1, which is told as unknown.
    if (!memory.get("limit_hits").isNull()) {
      assertThat(memory.get("limit_hits").asLong())
          .isGreaterThan(before.get("memory").get("limit_hits").asLong());
    }
    assertThat(memory.get("peak").asLong()).isBetween(90L << 20, 96L << 20);
    assertThat(memory.get("working_set").asLong())
        .isLessThanOrEqualTo(memory.get("current").asLong());
    assertThat(after.get("processes").get("refused").asLong()).isPositive();
    assertThat(after.get("processes").get("peak").asLong()).isEqualTo(60);
    assertThat(after.get("cpu").get("throttled").asLong())
        .isGreaterThan(before.get("cpu").get("throttled").asLong());
    assertThat(
            after.get("disk").get("written").asLong() - before.get("disk").get("written").asLong())
        .isGreaterThanOrEqualTo(8 << 20);

    String row =
        host.run(
                "vzlist",
                "-H",
                "-o",
                "physpages.m,physpages.f,numproc.m,numproc.f,numproc.l",
                "991")
            .ok()
            .text();
    assertThat(row).matches("[0-9]{5} +(-|[1-9][0-9]*) +60 +[1-9][0-9]* +60");
    assertThat(guest.vzctl("stat", "--ubc").ok().stdout().lines().map(line -> line.split(" ")[0]))
        .containsExactly("resource", "physpages", "swappages", "numproc", "oomkill");
  }

  @Test
  void ratesAreMeasured() throws IOException {
    weigh();
    RunningCommand loop = guest.begin("exec3", "perl", "-e", "1 while 1");
    Guest.await(
        "it uses what it may",
        Duration.ofSeconds(60),
        () -> stat("--interval", "1").get("cpu").get("percent").asDouble() > 20);
    assertThat(stat("--interval", "2").get("cpu").get("percent").asDouble()).isLessThan(44);
    assertThat(guest.vzctl("stat").ok().stdout().lines())
        .anyMatch(line -> line.matches("cpu .*% of one CPU, .* limit 40%, throttled [1-9].*"))
        .anyMatch(line -> line.matches("memory +working set .* of 96\\.0M"));
    loop.process().destroy();
    guest.sh("pkill perl; true");
  }

  /** Percent of the last ten seconds in which some process of it waited for a CPU. */
  private static double waitingForCpu(Guest guest) {
    return stat(guest, "--interval", "0").at("/pressure/cpu/some/ten").asDouble();
  }

  @Test
  void waitingForTheCpuIsSeen() {
    if (!Files.exists(Path.of("/proc/pressure/cpu"))) {
      assertThat(stat("--interval", "0").get("pressure").isEmpty())
          .as("a kernel without it")
          .isTrue();
      return;
    }
    Guest other = Guest.create(host, 993, "debian-12").started();
    Guest.await("it is calm", Duration.ofSeconds(60), () -> waitingForCpu(other) < 10);
    // Four share one CPU: whichever runs, others wait.
    other.vzctl("set", "--cpus", "1").ok();
    RunningCommand loops = other.begin("exec3", "perl", "-e", "fork; fork; 1 while 1");
    Guest.await("work waits", Duration.ofSeconds(60), () -> waitingForCpu(other) > 40);
    assertThat(other.vzctl("stat", "--interval", "0").ok().stdout().lines())
        .anyMatch(line -> line.matches("waiting +cpu [0-9.]+%, memory .*"));
    loops.process().destroy();
    other.destroy();
  }

  @Test
  void whatIsPromisedIsAddedUp() {
    JsonNode all = JsonMapper.shared().readTree(host.run("lamina", "oversell", "-j").ok().stdout());
    assertThat(all.get(0).get("resource").asString()).isEqualTo("memory");
    assertThat(all.get(0).get("promised").asLong()).isEqualTo(96 << 20);
    assertThat(all.get(0).get("host").asLong()).isGreaterThan(1L << 30);
    assertThat(all.get(2).get("promised").asLong()).isEqualTo(40);
    assertThat(host.run("lamina", "oversell").ok().stdout()).startsWith("RESOURCE");
  }

  @Test
  void aStoppedOneUsesNothing() {
    Guest other = Guest.create(host, 992, "debian-12");
    other.vzctl("stat").ended(ExitCode.NOT_RUNNING);
    host.run("vzctl", "stat", "999").ended(ExitCode.NO_CONTAINER_CONFIG);
    guest.vzctl("stat", "--interval", "61").ended(ExitCode.BAD_PARAMETER);
    other.destroy();
  }
}
