package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lamina.agent.Usage;
import org.lamina.agent.proc.ProcCgroup;
import org.lamina.agent.proc.ProcFs;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** The real kernel's cgroups, whichever version this host mounts. Needs root. */
class CgroupIT {
  private static final Ctid CT = new Ctid(4001);
  private static final IdRange IDS = new IdRange(65_536 * 20);
  private static final long MIB = 1 << 20;

  private final String name = "lamina-it-" + ProcessHandle.current().pid();
  private final CgroupHost host =
      CgroupHost.detect(Path.of("/proc/self/mountinfo"), Path.of("/proc/self/cgroup"), name);
  private final ContainerCgroup cgroup = host.of(CT);
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNothing() throws Exception {
    cgroup.kill();
    cgroup.killSupervisors(Killer.PROCESS_HANDLE);
    for (Process process : started) {
      process.waitFor(10, TimeUnit.SECONDS);
    }
    cgroup.remove();
    host.tidy();
    for (Hierarchy hierarchy : host.layout().hierarchies()) {
      assertThat(hierarchy.mount().resolve(name)).doesNotExist();
    }
  }

  @Test
  void aJoinedProcessIsFoundMeasuredKilledAndLeavesNothing() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    assertThat(cgroup.exists()).isTrue();
    assertThat(cgroup.populated()).isFalse();
    Process sleep = join("exec sleep 300");

    assertThat(cgroup.processes()).containsExactly((int) sleep.pid());
    assertThat(cgroup.supervisors()).isEmpty();
    List<ProcCgroup> seen = ProcFs.HOST.cgroup((int) sleep.pid());
    for (Hierarchy hierarchy : host.layout().hierarchies()) {
      assertThat(seen)
          .filteredOn(line ->
              hierarchy.v2() ? line.v2() : line.controllers().stream().anyMatch(hierarchy::has))
          .singleElement()
          .satisfies(line -> assertThat(line.path()).endsWith("/" + name + "/4001/payload"));
    }
    Usage usage = cgroup.usage();
    assertThat(usage.processes()).isEqualTo(1);
    assertThat(usage.memory()).isBetween(1L, 64 * MIB);
    assertThat(usage.cpu()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(2));
    assertThat(host.containers()).containsExactly(CT);

    cgroup.kill();
    assertThat(sleep.waitFor()).isEqualTo(137);
    assertThat(cgroup.populated()).isFalse();
    cgroup.remove();
    cgroup.remove();
    assertThat(host.containers()).isEmpty();
    assertThatThrownBy(cgroup::usage)
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_RUNNING));
  }

  @Test
  void theSupervisorIsNoProcessOfTheContainer() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    Process waiter = start("exec sleep 300", cgroup.supervisorJoinFiles());
    join("exec sleep 300");
    assertThat(cgroup.supervisors()).containsExactly((int) waiter.pid());

    cgroup.kill();
    assertThat(waiter.isAlive()).isTrue();
    assertThatThrownBy(cgroup::remove)
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining(Long.toString(waiter.pid()));
    cgroup.killSupervisors(Killer.PROCESS_HANDLE);
    cgroup.remove();
    assertThat(host.containers()).isEmpty();
  }

  @Test
  void limitsReadBackInEveryOrderOfGrowingAndShrinking() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    join("exec sleep 300");
    boolean memsw = swapIsCounted();
    for (long[] step :
        new long[][] {{64, 0}, {128, 64}, {32, 512}, {256, 0}, {24, 8}, {24, 0}, {512, 512}}) {
      ByteSize swap = memsw ? new ByteSize(step[1] * MIB) : null;
      cgroup.apply(
          new Limits(new ByteSize(step[0] * MIB), swap, 50.0, 500, 77L), TestMachine.NO_DISK);
      assertThat(value("memory", "memory.max", "memory.limit_in_bytes"))
          .isEqualTo(Long.toString(step[0] * MIB));
      if (memsw && !v2("memory")) {
        assertThat(value("memory", "", "memory.memsw.limit_in_bytes"))
            .isEqualTo(Long.toString((step[0] + step[1]) * MIB));
      }
      assertThat(value("pids", "pids.max", "pids.max")).isEqualTo("77");
    }
    assertThat(value("cpu", "cpu.max", "cpu.cfs_quota_us"))
        .isEqualTo(v2("cpu") ? "50000 100000" : "50000");
    assertThat(value("cpu", "cpu.weight", "cpu.shares")).isEqualTo(v2("cpu") ? "50" : "512");

    cgroup.apply(Limits.NONE, TestMachine.NO_DISK);
    assertThat(value("pids", "pids.max", "pids.max")).isEqualTo("max");
    assertThat(value("cpu", "cpu.max", "cpu.cfs_quota_us"))
        .isEqualTo(v2("cpu") ? "max 100000" : "-1");
    assertThat(Writes.number(value("memory", "memory.max", "memory.limit_in_bytes")))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void numprocMakesForkFail() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    cgroup.apply(new Limits(null, null, null, null, 5L), TestMachine.NO_DISK);
    Process forks = join("for i in 1 2 3 4 5 6 7 8; do sleep 300 & done; wait");
    assertThat(forks.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(forks.exitValue()).isNotZero();
    assertThat(forks.errorReader().readLine()).containsIgnoringCase("fork");
    assertThat(cgroup.usage().processes()).isLessThanOrEqualTo(5);
  }

  @Test
  void halfACpuIsHalfACpu() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    cgroup.apply(new Limits(null, null, 50.0, null, null), TestMachine.NO_DISK);
    join("while :; do :; done");
    Thread.sleep(300);
    long from = System.nanoTime();
    Duration before = cgroup.usage().cpu();
    Thread.sleep(2_000);
    Duration used = cgroup.usage().cpu().minus(before);
    double share = (double) used.toNanos() / (System.nanoTime() - from);
    // Below half only if this host is short of CPU itself.
    assertThat(share).isBetween(0.1, 0.56);
  }

  @Test
  void memoryBeyondTheLimitEndsInsideOnly() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    cgroup.apply(
        new Limits(
            new ByteSize(32 * MIB), swapIsCounted() ? new ByteSize(0) : null, null, null, null),
        TestMachine.NO_DISK);
    Process greedy = join("head -c 200M /dev/zero | tail -c 150M > /dev/null");
    assertThat(greedy.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(greedy.exitValue()).isEqualTo(137);
    assertThat(cgroup.usage().memory()).isLessThanOrEqualTo(32 * MIB);
  }

  @Test
  void lessMemoryThanInUseIsRefusedAndChangesNothing() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    // Without swap accounting the kernel may swap the pages out, which is a success as well.
    ByteSize noSwap = swapIsCounted() ? new ByteSize(0) : null;
    cgroup.apply(
        new Limits(new ByteSize(256 * MIB), noSwap, 100.0, 1000, 100L), TestMachine.NO_DISK);
    Process holder =
        join("exec perl -e '$| = 1; $x = q(a) x (64 << 20); print qq(held\\n); sleep 300'");
    assertThat(holder.inputReader().readLine()).isEqualTo("held");

    assertThatThrownBy(() ->
            cgroup.apply(
                new Limits(new ByteSize(16 * MIB), noSwap, 50.0, 500, 50L), TestMachine.NO_DISK))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UBC_FAILED))
        .hasMessageContainingAll("--ram", "container 4001", "busy", "in use");
    assertThat(holder.isAlive()).isTrue();
    assertThat(value("memory", "memory.max", "memory.limit_in_bytes"))
        .isEqualTo(Long.toString(256 * MIB));
    assertThat(value("pids", "pids.max", "pids.max")).isEqualTo("100");
  }

  @Test
  void whatTheGuestMadeBelowItsPayloadIsFoundAndRemovedHoweverDeep() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    Path payload = host.container(host.layout().unified().orElseThrow(), CT).resolve("payload");
    assertThat(Files.getAttribute(payload, "unix:uid")).isEqualTo(IDS.base());
    assertThat(Files.getAttribute(payload.resolve("cgroup.procs"), "unix:uid"))
        .isEqualTo(IDS.base());
    assertThat(Files.getAttribute(payload.getParent(), "unix:uid")).isEqualTo(0);
    Process deep =
        join(
            "cd "
                + payload
                + "; n=$(printf 'x%.0s' $(seq 200));"
                + " for i in $(seq 30); do mkdir $n && cd -P ./$n || exit 3; done;"
                + " echo 0 > cgroup.procs || exit 4; echo joined; exec sleep 300");
    assertThat(deep.inputReader().readLine()).isEqualTo("joined");
    assertThat(cgroup.processes()).containsExactly((int) deep.pid());
    cgroup.kill();
    cgroup.remove();
    assertThat(payload).doesNotExist();
  }

  @Test
  void aSecondCreateIsRefusedWhileProcessesLiveAndReplacesWhatIsEmpty() throws Exception {
    cgroup.create(IDS, CgroupVersion.V2);
    Process sleep = join("exec sleep 300");
    assertThatThrownBy(() -> cgroup.create(IDS, CgroupVersion.V2))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining(Long.toString(sleep.pid()));
    cgroup.kill();
    cgroup.apply(new Limits(null, null, null, null, 3L), TestMachine.NO_DISK);
    cgroup.create(IDS, CgroupVersion.V2);
    assertThat(value("pids", "pids.max", "pids.max")).isEqualTo("max");
  }

  private Process join(String script) throws Exception {
    return start(script, cgroup.payloadJoinFiles());
  }

  private Process start(String script, List<Path> files) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c"));
    command.add("for f; do echo 0 > \"$f\" || exit 9; done; echo in; " + script);
    command.add("sh");
    files.forEach(file -> command.add(file.toString()));
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    assertThat(process.inputReader().readLine()).isEqualTo("in");
    return process;
  }

  private boolean v2(String controller) {
    return host.layout().home(controller).orElseThrow().v2();
  }

  private boolean swapIsCounted() {
    return Files.exists(
        directory("memory")
            .resolve(v2("memory") ? "memory.swap.max" : "memory.memsw.limit_in_bytes"));
  }

  private Path directory(String controller) {
    return host.container(host.layout().home(controller).orElseThrow(), CT);
  }

  private String value(String controller, String v2, String v1) throws IOException {
    return Files.readString(directory(controller).resolve(v2(controller) ? v2 : v1)).strip();
  }
}
