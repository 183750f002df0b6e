package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.CpuList;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;

/** CPU sets, disk throughput and guarantees on a tree of either version. */
class DeviceAndCpuLimitsTest {
  private static final Ctid CT = new Ctid(101);
  private static final TestMachine PLAIN = TestMachine.disk("none");

  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void root() throws IOException {
    root = Files.createDirectory(temp.resolve("cgroup"));
  }

  private static ContainerCgroup created(FakeKernel kernel) throws IOException {
    ContainerCgroup cgroup = kernel.detect("0::/").of(CT);
    cgroup.create(new IdRange(131_072), CgroupVersion.V2);
    kernel.log.clear();
    return cgroup;
  }

  private static LimitsBuilder limits() {
    return new LimitsBuilder();
  }

  private static void refused(ExitCode code, ThrowingCallable work, String... words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.text() + " " + e.hint().orElse("")).contains(words);
            });
  }

  @Test
  void throughputOnV1HasFourFiles() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = created(kernel);
    Limits limits = limits().ioLimit(new ByteSize(10 << 20)).iopsLimit(500L).build();
    assertThat(cgroup.apply(limits, PLAIN)).singleElement().asString().contains("page cache");
    assertThat(kernel.log)
        .containsExactly(
            "blkio/lamina/101/payload/blkio.throttle.read_bps_device=8:0 10485760",
            "blkio/lamina/101/payload/blkio.throttle.read_iops_device=8:0 500",
            "blkio/lamina/101/payload/blkio.throttle.write_bps_device=8:0 10485760",
            "blkio/lamina/101/payload/blkio.throttle.write_iops_device=8:0 500");
    kernel.log.clear();
    assertThat(cgroup.apply(limits, PLAIN)).isEmpty();
    assertThat(kernel.log).isEmpty();
    assertThat(cgroup.apply(Limits.NONE, PLAIN)).isEmpty();
    assertThat(kernel.log).hasSize(4).allMatch(line -> line.endsWith("=8:0 0"));
  }

  @Test
  void throughputOnV2HasOneLine() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    ContainerCgroup cgroup = created(kernel);
    Limits limits = limits().ioLimit(new ByteSize(10 << 20)).build();
    assertThat(cgroup.apply(limits, PLAIN)).isEmpty();
    assertThat(kernel.log)
        .containsExactly("lamina/101/io.max=8:0 rbps=10485760 wbps=10485760 riops=max wiops=max");
    kernel.log.clear();
    cgroup.apply(limits.edit().ioLimit(ByteSize.UNLIMITED).iopsLimit(7L).build(), PLAIN);
    assertThat(kernel.log)
        .containsExactly("lamina/101/io.max=8:0 rbps=max wbps=max riops=7 wiops=7");
    kernel.log.clear();
    cgroup.apply(Limits.NONE, PLAIN);
    assertThat(kernel.log)
        .containsExactly("lamina/101/io.max=8:0 rbps=max wbps=max riops=max wiops=max");
  }

  @Test
  void aRefusedThroughputPutsTheOldLineBack() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = created(kernel);
    cgroup.apply(limits().ioLimit(new ByteSize(1 << 20)).build(), PLAIN);
    kernel.refusing.put("write_bps_device", "Invalid argument");
    kernel.log.clear();
    refused(
        ExitCode.UBC_FAILED,
        () -> cgroup.apply(limits().ioLimit(new ByteSize(2 << 20)).cpus(1).build(), PLAIN),
        "--iolimit",
        "Invalid argument");
    assertThat(kernel.value("blkio/lamina/101/payload/blkio.throttle.read_bps_device"))
        .isEqualTo("8:0 1048576");
    assertThat(kernel.value("cpuset/lamina/101/cpuset.cpus")).isEqualTo("0-1");
    assertThat(kernel.value("cpuset/lamina/101/payload/cpuset.cpus")).isEqualTo("0-1");
  }

  @Test
  void whereNothingCanBeLimitedItIsRefused() throws IOException {
    for (FakeKernel kernel :
        List.of(
            FakeKernel.pureV2(Files.createDirectory(root.resolve("2"))).without("io.max"),
            FakeKernel.hybrid(Files.createDirectory(root.resolve("1")))
                .without("blkio.throttle.read_bps_device"))) {
      ContainerCgroup cgroup = created(kernel);
      Limits rate = limits().ioLimit(new ByteSize(1 << 20)).build();
      refused(ExitCode.NO_KERNEL_SUPPORT, () -> cgroup.apply(rate, PLAIN), "--iolimit");
      refused(
          ExitCode.NO_KERNEL_SUPPORT,
          () -> cgroup.check(rate, TestMachine.NO_DISK),
          "--iolimit",
          "no disk");
      cgroup.apply(limits().ioLimit(ByteSize.UNLIMITED).build(), TestMachine.NO_DISK);
      assertThat(kernel.log).isEmpty();
    }
  }

  @Test
  void aWeightNeedsASchedulerThatKnowsWeights() throws IOException {
    FakeKernel v1 = FakeKernel.hybrid(Files.createDirectory(root.resolve("1")));
    FakeKernel v2 = FakeKernel.pureV2(Files.createDirectory(root.resolve("2")));
    for (FakeKernel kernel : List.of(v1, v2)) {
      ContainerCgroup cgroup = created(kernel);
      refused(
          ExitCode.NO_KERNEL_SUPPORT,
          () -> cgroup.apply(limits().ioPriority(7).build(), PLAIN),
          "--ioprio",
          "scheduler of sda is none",
          "echo bfq");
      cgroup.apply(limits().ioPriority(4).build(), PLAIN);
      assertThat(kernel.log).isEmpty();
      cgroup.apply(limits().ioPriority(7).build(), TestMachine.disk("bfq"));
      cgroup.apply(limits().ioPriority(0).build(), TestMachine.disk("bfq"));
      cgroup.apply(Limits.NONE, TestMachine.disk("bfq"));
    }
    assertThat(v1.log)
        .containsExactly(
            "blkio/lamina/101/blkio.bfq.weight=128",
            "blkio/lamina/101/blkio.bfq.weight=64",
            "blkio/lamina/101/blkio.bfq.weight=100");
    assertThat(v2.log)
        .containsExactly(
            "lamina/101/io.bfq.weight=128",
            "lamina/101/io.bfq.weight=64",
            "lamina/101/io.bfq.weight=100");
  }

  @Test
  void cpusetsOnV1GrowOutsideFirstAndShrinkInsideFirst() throws IOException {
    FakeKernel kernel = FakeKernel.hybrid(root);
    ContainerCgroup cgroup = created(kernel);
    cgroup.apply(limits().cpuMask(new CpuList("1")).build(), PLAIN);
    cgroup.apply(limits().cpuMask(new CpuList("0")).build(), PLAIN);
    assertThat(kernel.log)
        .containsExactly(
            "cpuset/lamina/101/payload/cpuset.cpus=1",
            "cpuset/lamina/101/cpuset.cpus=1",
            "cpuset/lamina/101/cpuset.cpus=0-1",
            "cpuset/lamina/101/payload/cpuset.cpus=0",
            "cpuset/lamina/101/cpuset.cpus=0");
    cgroup.apply(Limits.NONE, PLAIN);
    assertThat(kernel.value("cpuset/lamina/101/payload/cpuset.cpus")).isEqualTo("0-1");
    assertThat(kernel.value("cpuset/lamina/101/cpuset.cpus")).isEqualTo("0-1");
  }

  @Test
  void cpusOfV2AreWrittenOnceAndTakenOffByABlankLine() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(root);
    ContainerCgroup cgroup = created(kernel);
    cgroup.apply(
        limits().cpuMask(new CpuList("0-2")).cpus(2).nodeMask(new CpuList("1")).build(), PLAIN);
    assertThat(kernel.value("lamina/101/cpuset.cpus").replaceAll("[^0-2]", "")).hasSize(2);
    assertThat(kernel.value("lamina/101/cpuset.mems")).isEqualTo("1");
    cgroup.apply(limits().cpuMask(CpuList.AUTO).nodeMask(new CpuList("1")).build(), PLAIN);
    assertThat(kernel.value("lamina/101/cpuset.cpus")).isEqualTo("2-3");
    cgroup.apply(limits().cpuMask(CpuList.ALL).nodeMask(CpuList.ALL).cpus(0).build(), PLAIN);
    assertThat(kernel.value("lamina/101/cpuset.cpus")).isEmpty();
    assertThat(kernel.value("lamina/101/cpuset.mems")).isEmpty();
  }

  @Test
  void cpusThatAreNotThereAreRefused() throws IOException {
    ContainerCgroup cgroup = created(FakeKernel.hybrid(root));
    refused(
        ExitCode.BAD_PARAMETER,
        () -> cgroup.apply(limits().cpuMask(new CpuList("1-3")).build(), PLAIN),
        "--cpumask",
        "no 2-3",
        "only 0-1");
    refused(
        ExitCode.BAD_PARAMETER,
        () -> cgroup.apply(limits().nodeMask(new CpuList("4")).build(), PLAIN),
        "--nodemask",
        "no 4");
    // More than there are is all of them.
    cgroup.apply(limits().cpus(64).build(), PLAIN);
  }

  @Test
  void aKernelWithoutCpusetsRefusesOnlyWhatNeedsThem() throws IOException {
    ContainerCgroup cgroup = created(new FakeKernel(root).mountUnified("", "memory pids"));
    refused(
        ExitCode.NO_KERNEL_SUPPORT,
        () -> cgroup.apply(limits().cpus(1).build(), PLAIN),
        "cpuset.cpus");
    cgroup.apply(limits().cpus(0).cpuMask(CpuList.ALL).build(), PLAIN);
  }

  @Test
  void aGuaranteeIsCarriedByTheBaseAndNeedsV2() throws IOException {
    FakeKernel kernel = FakeKernel.pureV2(Files.createDirectory(root.resolve("2")));
    ContainerCgroup cgroup = created(kernel);
    kernel.put("lamina/memory.low", "1000");
    Limits half = limits().ram(new ByteSize(1 << 30)).guarantee(50).build();
    cgroup.apply(half, PLAIN);
    assertThat(kernel.value("lamina/101/memory.low")).isEqualTo("536870912");
    assertThat(kernel.value("lamina/memory.low")).isEqualTo("536871912");
    cgroup.apply(half.edit().guarantee(0).build(), PLAIN);
    assertThat(kernel.value("lamina/101/memory.low")).isEqualTo("0");
    assertThat(kernel.value("lamina/memory.low")).isEqualTo("1000");
    refused(
        ExitCode.NO_KERNEL_SUPPORT,
        () -> cgroup.apply(limits().guarantee(50).build(), PLAIN),
        "--memguarantee",
        "--ram");
    ContainerCgroup old = created(FakeKernel.hybrid(Files.createDirectory(root.resolve("1"))));
    refused(
        ExitCode.NO_KERNEL_SUPPORT, () -> old.apply(half, PLAIN), "--memguarantee", "cgroup v1");
    old.apply(half.edit().guarantee(0).build(), PLAIN);
  }
}
