package org.lamina.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.HostFeature.Verdict;
import org.lamina.agent.namespace.UserNamespaces;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/** Trials on the real kernel; needs root. */
class KernelTrialsIT {
  private final Kernel kernel = Kernel.linux();
  private final UserNamespaces namespaces = new UserNamespaces(kernel);

  @TempDir Path state;

  @Test
  void all_findWhatContainersOfTheOtherTestsStandOn_andLeaveNothing() throws Exception {
    KernelTrials trials =
        new KernelTrials(kernel, () -> namespaces.of(new IdRange(IdRange.SIZE)), state);
    assertThat(trials.all())
        .allSatisfy(feature -> assertThat(feature.verdict()).isEqualTo(Verdict.GOOD))
        .allSatisfy(feature -> assertThat(feature.advice()).isEmpty())
        .hasSize(5);
    try (var left = Files.list(state)) {
      assertThat(left).isEmpty();
    }
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    assertThat(mounts).doesNotContain("lamina-trial", state.toString());
  }

  @Test
  void deepStacks_areFoundWhereTheKernelHasThem() {
    KernelTrials trials = new KernelTrials(kernel, () -> null, state);
    String[] version = System.getProperty("os.version").split("\\D", 3);
    int number = Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]);
    assertThat(trials.deepStacks().found()).contains(number >= 6007 ? "500" : "dozen");
  }

  @Test
  void layers_sayWhatTheKernelAnswered() throws Exception {
    KernelTrials trials =
        new KernelTrials(
            kernel,
            () -> {
              throw new LaminaException(ExitCode.NO_KERNEL_SUPPORT, "no user namespaces here");
            },
            state);
    assertThat(trials.layers().verdict()).isEqualTo(Verdict.VITAL);
    assertThat(trials.layers().found()).isEqualTo("no user namespaces here");
    assertThat(trials.layers().advice()).contains("max_user_namespaces");
    try (var left = Files.list(state)) {
      assertThat(left).isEmpty();
    }
    KernelTrials nowhere = new KernelTrials(kernel, () -> null, state.resolve("none"));
    assertThat(nowhere.layers().verdict()).isEqualTo(Verdict.VITAL);
  }
}
