package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.Usage;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

class ContainerCgroupTest {
  private static final Ctid CT = new Ctid(101);
  private static final IdRange IDS = new IdRange(131_072);
  private static final ByteSize GIB = new ByteSize(1L << 30);

  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void blankInThePath() throws IOException {
    root = Files.createDirectory(temp.resolve("cgroup fs"));
  }

  @Test
  void v2HandsControllersDownAndThePayloadOver() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);

    for (String directory : List.of("", "lamina/", "lamina/101/")) {
      assertThat(kernel.value(directory + "cgroup.subtree_control").split(" "))
          .containsExactlyInAnyOrder("cpu", "memory", "pids", "io", "cpuset");
    }
    assertThat(kernel.value("lamina/101/payload/cgroup.subtree_control")).isEmpty();
    assertThat(kernel.log)
        .filteredOn(line -> line.contains("->"))
        .containsExactly(
            "lamina/101/payload/cgroup.procs -> 131072",
            "lamina/101/payload/cgroup.threads -> 131072",
            "lamina/101/payload/cgroup.subtree_control -> 131072",
            "lamina/101/payload/memory.oom.group -> 131072",
            "lamina/101/payload -> 131072");
    assertThat(kernel.value("lamina/101/cgroup.max.depth")).isEqualTo("64");
    assertThat(cgroup.payloadJoinFiles())
        .containsExactly(kernel.path("lamina/101/payload/cgroup.procs"));
    assertThat(cgroup.supervisorJoinFiles())
        .containsExactly(kernel.path("lamina/101-supervisor/cgroup.procs"));
  }

  @Test
  void v2WithOneControllerThatCannotBeHadKeepsTheOthers() throws IOException {
    FakeKernel kernel = new FakeKernel(root).mountUnified("", "memory pids");
    kernel.refusing.put("lamina/cgroup.subtree_control", "Invalid argument");
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    assertThatThrownBy(
            () -> cgroup.apply(new Limits(GIB, null, null, null, null), TestMachine.NO_DISK))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT))
        .hasMessageContainingAll("--ram", "memory.max");
    cgroup.apply(Limits.NONE, TestMachine.NO_DISK);
  }

  @Test
  void v2StaysInTheServiceOnlyWhereTheManagerMadeASubgroup() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    Path service = Files.createDirectories(root.resolve("system.slice/laminad.service"));
    assertThat(kernel.detect("0::/system.slice/laminad.service/daemon").of(CT).payloadJoinFiles())
        .containsExactly(service.resolve("101/payload/cgroup.procs"));
    assertThat(kernel.detect("0::/system.slice/laminad.service").of(CT).payloadJoinFiles())
        .containsExactly(root.resolve("lamina/101/payload/cgroup.procs"));
  }

  @Test
  void hybridUsesEveryHierarchyItNeedsAndFillsCpusets() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    CgroupHost host = kernel.detect("9:name=systemd:/", "4:memory:/svc", "1:cpu:/", "0::/");
    ContainerCgroup cgroup = host.of(CT);
    cgroup.create(IDS, CgroupVersion.V2);

    assertThat(host.pureV2()).isFalse();
    assertThat(cgroup.payloadJoinFiles())
        .hasSize(10)
        .allSatisfy(
            file -> assertThat(file).exists().endsWith(Path.of("lamina/101/payload/cgroup.procs")))
        .last()
        .isEqualTo(kernel.path("unified/lamina/101/payload/cgroup.procs"));
    for (String directory : List.of("lamina", "lamina/101", "lamina/101/payload")) {
      assertThat(kernel.value("cpuset/" + directory + "/cpuset.cpus")).isEqualTo("0-1");
      assertThat(kernel.value("cpuset/" + directory + "/cpuset.mems")).isEqualTo("0");
    }
    assertThat(cgroup.supervisorJoinFiles())
        .containsExactly(
            kernel.path("memory/lamina/101-supervisor/cgroup.procs"),
            kernel.path("pids/lamina/101-supervisor/cgroup.procs"),
            kernel.path("systemd/lamina/101-supervisor/cgroup.procs"),
            kernel.path("unified/lamina/101-supervisor/cgroup.procs"));
    assertThat(root.resolve("perf_event/lamina")).doesNotExist();
  }

  @Test
  void aGuestOfTheFirstVersionGetsTheHierarchyWithoutControllers() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = kernel.detect("9:name=systemd:/", "0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V1);
    assertThat(kernel.log)
        .filteredOn(line -> line.contains("->"))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("systemd/lamina/101/payload"))
        .last()
        .isEqualTo("systemd/lamina/101/payload -> 131072");

    cgroup.hideFromGuest(77, CgroupVersion.V1);
    assertThat(kernel.log)
        .endsWith(
            "unified/lamina/101-supervisor/cgroup.procs=77",
            "systemd/lamina/101-supervisor/cgroup.procs=77");
  }

  @Test
  void aGuestOfTheFirstVersionIsRefusedWhereThereIsNone() throws IOException {
    ContainerCgroup cgroup = FakeKernel.pureV2(root).detect("0::/").of(CT);
    assertThatThrownBy(() -> cgroup.create(IDS, CgroupVersion.V1))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT))
        .hasMessageContaining("container 101 cannot run here");
    assertThat(root.resolve("lamina/101")).doesNotExist();
  }

  @Test
  void coMountedControllersShareOneDirectory() throws IOException {
    FakeKernel kernel =
        new FakeKernel(root)
            .mountV1("cpu,cpuacct", "cpu,cpuacct")
            .mountV1("pids", "pids")
            .mountUnified("unified", "memory");
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    cgroup.apply(new Limits(GIB, null, 25.0, 2000, 10L), TestMachine.NO_DISK);
    assertThat(kernel.value("cpu,cpuacct/lamina/101/cpu.cfs_quota_us")).isEqualTo("25000");
    assertThat(kernel.value("cpu,cpuacct/lamina/101/cpu.shares")).isEqualTo("2048");
    assertThat(kernel.value("unified/lamina/101/memory.max")).isEqualTo("1073741824");
    assertThat(cgroup.usage()).isEqualTo(new Usage(7, 4096, Duration.ofMillis(1500)));
    assertThat(cgroup.processCount()).isEqualTo(7);
    assertThat(cgroup.payloadJoinFiles()).hasSize(3);
  }

  @Test
  void usageReadsTheSameOnBothVersions() throws IOException {
    for (FakeKernel kernel :
        List.of(
            FakeKernel.pureV2(Files.createDirectory(root.resolve("2"))),
            FakeKernel.hybrid(Files.createDirectory(root.resolve("1"))))) {
      ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
      cgroup.create(IDS, CgroupVersion.V2);
      assertThat(cgroup.usage()).isEqualTo(new Usage(7, 4096, Duration.ofMillis(1500)));
    }
  }

  @Test
  void aRefusedWriteTakesAllOthersBackInReverse() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    cgroup.apply(new Limits(GIB, GIB, 100.0, 1000, 50L), TestMachine.NO_DISK);
    kernel.refusing.put("cpu.shares", "Invalid argument");
    kernel.log.clear();

    assertThatThrownBy(() ->
            cgroup.apply(
                new Limits(new ByteSize(4L << 30), GIB, 200.0, 2000, 60L), TestMachine.NO_DISK))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CPU_FAILED))
        .hasMessageContainingAll(
            "--cpuunits", "container 101", "2048", "lamina/101/cpu.shares", "Invalid argument");
    assertThat(kernel.log)
        .containsExactly(
            "memory/lamina/101/memory.memsw.limit_in_bytes=5368709120",
            "memory/lamina/101/memory.limit_in_bytes=4294967296",
            "cpu/lamina/101/cpu.cfs_quota_us=200000",
            "cpu/lamina/101/cpu.cfs_quota_us=100000",
            "memory/lamina/101/memory.limit_in_bytes=1073741824",
            "memory/lamina/101/memory.memsw.limit_in_bytes=2147483648");
    assertThat(kernel.value("pids/lamina/101/pids.max")).isEqualTo("50");
  }

  @Test
  void v2NeverSetsMemoryBelowUse() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    kernel.put("lamina/101/memory.current", Long.toString(2L << 30));
    kernel.log.clear();
    assertThatThrownBy(
            () -> cgroup.apply(new Limits(GIB, null, null, null, null), TestMachine.NO_DISK))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UBC_FAILED))
        .hasMessageContainingAll("memory.max", "2.0G in use");
    assertThat(kernel.value("lamina/101/memory.max")).isEqualTo("max");
    assertThat(kernel.value("lamina/101/memory.high")).isEqualTo("max");
    assertThat(kernel.log).last().isEqualTo("lamina/101/memory.high=max");
  }

  @Test
  void processesOfSubCgroupsCountAndOnesOutsideThePidNamespaceDoNot() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    kernel.put("memory/lamina/101/payload/cgroup.procs", "12\n0");
    kernel.mkdir(kernel.path("unified/lamina/101/payload/system.slice"));
    kernel.mkdir(kernel.path("unified/lamina/101/payload/system.slice/a.service"));
    kernel.put("unified/lamina/101/payload/system.slice/a.service/cgroup.procs", "4\n12");
    kernel.put("pids/lamina/101-supervisor/cgroup.procs", "99");
    assertThat(cgroup.processes()).containsExactly(4, 12);
    assertThat(cgroup.supervisors()).containsExactly(99);
  }

  @Test
  void killGoesByTheKernelThenSinglyAndStopsForksFirst() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root).without("cgroup.kill");
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    kernel.put("pids/lamina/101/payload/cgroup.procs", "7");
    List<String> seen = new ArrayList<>();
    cgroup.kill(pid -> {
      try {
        seen.add(pid + " " + kernel.value("pids/lamina/101/pids.max"));
        kernel.put("pids/lamina/101/payload/cgroup.procs", pid == 7 ? "8" : "");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    assertThat(seen).containsExactly("7 0", "8 0");
  }

  @Test
  void killByTheKernelNeedsNoKiller() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    kernel.put("lamina/101/payload/cgroup.procs", "7");
    cgroup.kill(pid -> {
      throw new IllegalStateException("asked to kill " + pid);
    });
    assertThat(cgroup.populated()).isFalse();
  }

  @Test
  void removeTakesEverythingAndSaysWhoIsInTheWay() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    CgroupHost host = kernel.detect("0::/");
    ContainerCgroup cgroup = host.of(CT);
    cgroup.create(IDS, CgroupVersion.V2);
    kernel.mkdir(kernel.path("unified/lamina/101/payload/system.slice"));
    kernel.put("unified/lamina/101/payload/system.slice/cgroup.procs", "55");
    assertThatThrownBy(cgroup::remove)
        .isInstanceOf(LaminaException.class)
        .hasMessageContainingAll("unified/lamina/101", "busy", "55");
    kernel.put("unified/lamina/101/payload/system.slice/cgroup.procs", "");
    cgroup.remove();
    cgroup.remove();
    host.tidy();
    try (Stream<Path> left = Files.walk(root)) {
      assertThat(left.filter(path -> path.toString().contains("lamina"))).isEmpty();
    }
  }

  @Test
  void createThatFailsHalfwayLeavesNothing() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    CgroupHost host = kernel.detect("0::/");
    kernel.refusing.put("101/payload/cpuset.mems", "No space left on device");
    assertThatThrownBy(() -> host.of(CT).create(IDS, CgroupVersion.V2))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ENVIRONMENT_FAILED))
        .hasMessageContainingAll("container 101", "No space left on device");
    assertThat(host.containers()).isEmpty();
    assertThat(host.of(CT).exists()).isFalse();
  }

  @Test
  void tracesAreFoundInAnyHierarchyAndStrangersIgnored() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    for (String trace :
        List.of(
            "pids/lamina/102",
            "memory/lamina/103-supervisor",
            "cpu/lamina/0104",
            "cpu/lamina/7",
            "cpu/lamina/99999999999",
            "cpu/lamina/x-supervisor",
            "cpu/lamina/-supervisor")) {
      Files.createDirectories(root.resolve(trace));
    }
    assertThat(kernel.detect("0::/").containers()).containsExactly(new Ctid(102), new Ctid(103));
  }

  @Test
  void detectionRefusesHostsWithoutCgroupsAndNamesThatLeaveTheBase() throws IOException {
    assertThatThrownBy(() -> new FakeKernel(root).detect("0::/"))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT));
    Path any = Path.of("/proc/self/mountinfo");
    for (String name : List.of("", "..", "a/b", "a\nb", ".x", "cgroup.procs", "x".repeat(65))) {
      assertThatThrownBy(() -> CgroupHost.detect(any, any, name))
          .isInstanceOfSatisfying(
              LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_CONFIG));
    }
  }
}
