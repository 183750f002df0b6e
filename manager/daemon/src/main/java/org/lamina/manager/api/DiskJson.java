package org.lamina.manager.api;

import org.jspecify.annotations.Nullable;
import org.lamina.agent.DiskUsage;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * The disk of a container in the API: bytes and numbers of files. Null is no limit of its own and
 * what is not counted, -1 is unlimited. In a change only the limits are read; a soft limit that is
 * left out is the hard one.
 *
 * @param layout how its files lie: dir, quota, btrfs or image
 * @param used bytes on the disk
 * @param usedInodes files on the disk
 */
public record DiskJson(
    @Nullable String layout,
    @Nullable Long space,
    @Nullable Long softSpace,
    @Nullable Long inodes,
    @Nullable Long softInodes,
    @Nullable Integer quotaTime,
    @Nullable Long used,
    @Nullable Long usedInodes) {
  private static final long UNLIMITED = -1;

  static DiskJson of(ContainerView view) {
    DiskLimits limits = view.container().disk();
    ContainerView.DiskView now = view.disk().get();
    DiskUsage usage = now.usage();
    return new DiskJson(
        now.layout().word(),
        shown(limits.space()),
        shown(limits.softSpace()),
        shown(limits.inodes()),
        shown(limits.softInodes()),
        limits.grace(),
        usage == null ? null : Long.valueOf(usage.space()),
        usage == null ? null : usage.inodes());
  }

  private static @Nullable Long shown(@Nullable Long value) {
    return value == null || value != Long.MAX_VALUE ? value : Long.valueOf(UNLIMITED);
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  static DiskLimits toLimits(@Nullable DiskJson asked) {
    if (asked == null) {
      return DiskLimits.NONE;
    }
    if (asked.quotaTime != null
        && (asked.quotaTime < 0 || asked.quotaTime > DiskLimits.MOST_GRACE)) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "bad quotaTime " + asked.quotaTime);
    }
    return DiskLimits.of(
        pair("space", asked.softSpace, asked.space, DiskLimits.LEAST_SPACE),
        pair("inodes", asked.softInodes, asked.inodes, DiskLimits.LEAST_INODES),
        asked.quotaTime);
  }

  private static DiskLimits.@Nullable Pair pair(
      String what, @Nullable Long soft, @Nullable Long hard, long least) {
    if (hard == null) {
      return null;
    }
    long most = hard == UNLIMITED ? Long.MAX_VALUE : hard;
    long lower = soft == null ? most : soft == UNLIMITED ? Long.MAX_VALUE : soft;
    if (lower < least || lower > most || (most > DiskLimits.MOST_SPACE && most != Long.MAX_VALUE)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad limit of "
              + what
              + ": the soft one is at least "
              + least
              + " and at most the hard one");
    }
    return new DiskLimits.Pair(lower, most);
  }
}
