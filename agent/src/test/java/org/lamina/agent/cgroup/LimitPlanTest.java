package org.lamina.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

class LimitPlanTest {
  private static final String FREE = "9223372036854771712";

  private static Map<String, String> v1() {
    Map<String, String> files = new HashMap<>();
    files.put("memory.limit_in_bytes", FREE);
    files.put("memory.memsw.limit_in_bytes", FREE);
    files.put("cpu.cfs_period_us", "100000");
    files.put("cpu.cfs_quota_us", "-1");
    files.put("cpu.shares", "1024");
    files.put("pids.max", "max");
    return files;
  }

  private static Map<String, String> v2() {
    Map<String, String> files = new HashMap<>();
    files.put("memory.max", "max");
    files.put("memory.swap.max", "max");
    files.put("cpu.max", "max 100000");
    files.put("cpu.weight", "100");
    files.put("pids.max", "max");
    return files;
  }

  private static List<String> plan(boolean v2, Map<String, String> files, Limits limits) {
    return LimitPlan.plan(
            controller -> v2,
            knob -> Optional.ofNullable(files.get(knob.file())),
            TestMachine.NO_DISK,
            limits,
            101)
        .stream()
        .map(write -> write.knob().file() + "=" + write.value())
        .toList();
  }

  private static Limits memory(long ram, long swap) {
    return new Limits(new ByteSize(ram), new ByteSize(swap), null, null, null);
  }

  @Test
  void nothingIsWrittenThatHoldsAlready() {
    assertThat(plan(false, v1(), Limits.NONE)).isEmpty();
    assertThat(plan(true, v2(), Limits.NONE)).isEmpty();
    assertThat(
            plan(
                true,
                v2(),
                new Limits(ByteSize.UNLIMITED, ByteSize.UNLIMITED, 0.0, 1000, Long.MAX_VALUE)))
        .isEmpty();
  }

  @Test
  void everyLimitOnV2() {
    assertThat(
            plan(true, v2(), new Limits(new ByteSize(1 << 20), new ByteSize(0), 150.0, 500, 400L)))
        .containsExactly(
            "memory.max=1048576",
            "memory.swap.max=0",
            "cpu.max=150000 100000",
            "cpu.weight=50",
            "pids.max=400");
  }

  @Test
  void everyLimitOnV1() {
    assertThat(
            plan(
                false,
                v1(),
                new Limits(new ByteSize(1 << 20), new ByteSize(4096), 150.0, 500, 400L)))
        .containsExactly(
            "memory.limit_in_bytes=1048576",
            "memory.memsw.limit_in_bytes=1052672",
            "cpu.cfs_quota_us=150000",
            "cpu.shares=512",
            "pids.max=400");
  }

  @Test
  void limitsComeOffAsTheVersionWritesIt() {
    Map<String, String> v1 = v1();
    v1.put("memory.limit_in_bytes", "4096");
    v1.put("memory.memsw.limit_in_bytes", "8192");
    v1.put("cpu.cfs_quota_us", "50000");
    v1.put("cpu.cfs_period_us", "50000");
    v1.put("pids.max", "5");
    assertThat(plan(false, v1, Limits.NONE))
        .containsExactly(
            "memory.memsw.limit_in_bytes=-1",
            "memory.limit_in_bytes=-1",
            "cpu.cfs_period_us=100000",
            "cpu.cfs_quota_us=-1",
            "pids.max=max");
    Map<String, String> v2 = v2();
    v2.put("memory.max", "4096");
    v2.put("cpu.max", "50000 100000");
    assertThat(plan(true, v2, Limits.NONE)).containsExactly("memory.max=max", "cpu.max=max 100000");
  }

  @ParameterizedTest
  @CsvSource({
    // now: memory, both; wanted: ram, swap; which goes first
    "100, 200, 300, 0, memsw",
    "100, 200, 50, 0, memory",
    "100, 200, 150, 50, memory",
    "100, 200, 10, 1000, memsw",
    "100, 200, 250, 1, memsw"
  })
  void v1KeepsMemoryBelowMemoryPlusSwapAtEveryMoment(
      long ram, long both, long newRam, long newSwap, String first) {
    Map<String, String> files = v1();
    files.put("memory.limit_in_bytes", Long.toString(ram));
    files.put("memory.memsw.limit_in_bytes", Long.toString(both));
    List<LimitWrite> plan =
        LimitPlan.plan(
            controller -> false,
            knob -> Optional.ofNullable(files.get(knob.file())),
            TestMachine.NO_DISK,
            memory(newRam, newSwap),
            101);
    if (plan.size() == 2) {
      assertThat(plan.getFirst().knob().file())
          .isEqualTo(
              first.equals("memsw") ? "memory.memsw.limit_in_bytes" : "memory.limit_in_bytes");
    }
    for (LimitWrite write : plan) {
      files.put(write.knob().file(), write.value());
      assertThat(Long.parseLong(files.get("memory.limit_in_bytes")))
          .isLessThanOrEqualTo(Long.parseLong(files.get("memory.memsw.limit_in_bytes")));
    }
    assertThat(files.get("memory.memsw.limit_in_bytes")).isEqualTo(Long.toString(newRam + newSwap));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 1, 8",
    "10, 1, 10",
    "1000, 100, 1024",
    "100000, 10000, 102400",
    "500000, 10000, 262144",
    "1, 1, 2"
  })
  void unitsAreClampedToWhatTheKernelTakes(int units, String weight, String shares) {
    Map<String, String> v2 = v2();
    v2.put("cpu.weight", "77");
    Map<String, String> v1 = v1();
    v1.put("cpu.shares", "77");
    Limits limits = new Limits(null, null, null, units, null);
    assertThat(plan(true, v2, limits)).containsExactly("cpu.weight=" + weight);
    assertThat(plan(false, v1, limits)).containsExactly("cpu.shares=" + shares);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1000", "1, 1000", "33.3, 33300", "100, 100000", "6400, 6400000"})
  void percentsBecomeQuotasTheKernelTakes(double percent, String quota) {
    Limits limits = new Limits(null, null, percent, null, null);
    assertThat(plan(true, v2(), limits)).containsExactly("cpu.max=" + quota + " 100000");
    assertThat(plan(false, v1(), limits)).containsExactly("cpu.cfs_quota_us=" + quota);
  }

  @Test
  void moreProcessesThanAHostCanHaveIsNoLimit() {
    assertThat(plan(true, v2(), new Limits(null, null, null, null, 4_194_304L))).isEmpty();
    assertThat(plan(true, v2(), new Limits(null, null, null, null, 4_194_303L)))
        .containsExactly("pids.max=4194303");
  }

  @ParameterizedTest
  @CsvSource({
    "true, memory.swap.max, --swap",
    "true, memory.max, --ram",
    "true, cpu.max, --cpulimit",
    "true, cpu.weight, --cpuunits",
    "true, pids.max, --numproc",
    "false, memory.memsw.limit_in_bytes, --swap",
    "false, cpu.cfs_quota_us, --cpulimit",
    "false, cpu.shares, --cpuunits"
  })
  void aMissingFileIsAnErrorOnlyForALimitThatNeedsIt(boolean v2, String file, String option) {
    Map<String, String> files = v2 ? v2() : v1();
    files.remove(file);
    assertThat(plan(v2, files, Limits.NONE)).isEmpty();
    assertThatThrownBy(() ->
            plan(v2, files, new Limits(new ByteSize(1 << 20), new ByteSize(0), 50.0, 500, 400L)))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT))
        .hasMessageContainingAll(option, file);
  }

  @Test
  void swapAloneCannotBeLimitedOnV1() {
    assertThatThrownBy(() -> plan(false, v1(), new Limits(null, new ByteSize(0), null, null, null)))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT))
        .hasMessageContaining("--swap");
    assertThat(plan(true, v2(), new Limits(null, new ByteSize(0), null, null, null)))
        .containsExactly("memory.swap.max=0");
  }
}
