package org.lamina.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.agent.ContainerDisks.Choice;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class DiskPlanTest {
  private static final long GIB = 1L << 30;
  private static final DiskLimits ONE = space(GIB);
  private static final DiskLimits FILES =
      DiskLimits.of(null, new DiskLimits.Pair(1000, 1000), null);

  private static DiskLimits space(long bytes) {
    return DiskLimits.of(new DiskLimits.Pair(bytes, bytes), null, null);
  }

  private static DiskPlan.Situation has(DiskLayout layout, DiskLayout choice, boolean inUse) {
    long size = layout == DiskLayout.IMAGE ? GIB : 0;
    return new DiskPlan.Situation(
        layout, new Choice(choice, "so it is"), 10L << 20, 100L, size, inUse);
  }

  private static LaminaException refused(DiskPlan.Situation now, DiskLimits limits) {
    return catchThrowableOfType(LaminaException.class, () -> DiskPlan.of(now, limits));
  }

  @ParameterizedTest
  @EnumSource(DiskLayout.class)
  void withoutLimits_aPlainDirectoryStaysOne(DiskLayout choice) {
    assertThat(DiskPlan.of(has(DiskLayout.DIR, choice, true), DiskLimits.NONE))
        .isEqualTo(new DiskPlan.Nothing());
  }

  @Test
  void aPlainDirectory_isMovedAtRestOnly() {
    assertThat(DiskPlan.of(has(DiskLayout.DIR, DiskLayout.IMAGE, false), ONE))
        .isEqualTo(new DiskPlan.Move(DiskLayout.IMAGE));
    assertThat(refused(has(DiskLayout.DIR, DiskLayout.IMAGE, true), ONE).exitCode())
        .isEqualTo(ExitCode.ALREADY_RUNNING);
    LaminaException e = refused(has(DiskLayout.DIR, DiskLayout.DIR, false), ONE);
    assertThat(e.exitCode()).isEqualTo(ExitCode.NO_KERNEL_SUPPORT);
    assertThat(e.text()).contains("so it is");
  }

  @Test
  void quotas_areSetAtOnceBothWays_butNotBelowWhatIsUsed() {
    for (DiskLayout layout : new DiskLayout[] {DiskLayout.QUOTA, DiskLayout.BTRFS}) {
      assertThat(DiskPlan.of(has(layout, layout, true), ONE)).isEqualTo(new DiskPlan.SetQuota());
      assertThat(refused(has(layout, layout, true), space(1000)).exitCode())
          .isEqualTo(ExitCode.DISK_LIMIT_FAILED);
      assertThat(DiskPlan.of(has(layout, layout, true), space(Long.MAX_VALUE)))
          .isEqualTo(new DiskPlan.SetQuota());
    }
    DiskLimits few = DiskLimits.of(null, new DiskLimits.Pair(9, 9), null);
    assertThat(refused(has(DiskLayout.QUOTA, DiskLayout.QUOTA, true), few).text())
        .contains("100 files");
  }

  @Test
  void whatAStartOnAFullDiskTook_keepsTheLimitThere() {
    DiskLimits less = space((10L << 20) - Disks.HEADROOM);
    assertThat(DiskPlan.of(has(DiskLayout.BTRFS, DiskLayout.BTRFS, false), less))
        .isEqualTo(new DiskPlan.SetQuota());
    assertThat(refused(has(DiskLayout.IMAGE, DiskLayout.IMAGE, false), less).exitCode())
        .isEqualTo(ExitCode.DISK_LIMIT_FAILED);
  }

  @Test
  void filesAreCountedByProjectQuotasAlone() {
    assertThat(DiskPlan.of(has(DiskLayout.QUOTA, DiskLayout.QUOTA, true), FILES))
        .isEqualTo(new DiskPlan.SetQuota());
    for (DiskLayout layout : new DiskLayout[] {DiskLayout.BTRFS, DiskLayout.IMAGE}) {
      assertThat(refused(has(layout, layout, true), FILES).exitCode())
          .isEqualTo(ExitCode.NO_KERNEL_SUPPORT);
      assertThat(refused(has(DiskLayout.DIR, layout, false), FILES).exitCode())
          .isEqualTo(ExitCode.NO_KERNEL_SUPPORT);
    }
  }

  @Test
  void anImage_growsInUseAndShrinksAtRest() {
    assertThat(DiskPlan.of(has(DiskLayout.IMAGE, DiskLayout.IMAGE, true), ONE))
        .isEqualTo(new DiskPlan.Nothing());
    assertThat(DiskPlan.of(has(DiskLayout.IMAGE, DiskLayout.IMAGE, true), space(GIB + 1)))
        .isEqualTo(new DiskPlan.Resize(GIB + 4096));
    assertThat(DiskPlan.of(has(DiskLayout.IMAGE, DiskLayout.IMAGE, false), space(GIB / 2)))
        .isEqualTo(new DiskPlan.Resize(GIB / 2));
    assertThat(refused(has(DiskLayout.IMAGE, DiskLayout.IMAGE, true), space(GIB / 2)).exitCode())
        .isEqualTo(ExitCode.ALREADY_RUNNING);
    assertThat(
            refused(has(DiskLayout.IMAGE, DiskLayout.IMAGE, true), space(Long.MAX_VALUE))
                .exitCode())
        .isEqualTo(ExitCode.BAD_PARAMETER);
    assertThat(DiskPlan.of(has(DiskLayout.IMAGE, DiskLayout.IMAGE, true), DiskLimits.NONE))
        .isEqualTo(new DiskPlan.Nothing());
  }
}
