package org.lamina.agent.disk;

import org.jspecify.annotations.Nullable;
import org.lamina.agent.ContainerDisks.Choice;
import org.lamina.schema.ByteSize;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** What has to be done so that limits hold. Pure. */
sealed interface DiskPlan {
  /** They hold, or there are none. */
  record Nothing() implements DiskPlan {}

  /** Quotas are set to them. */
  record SetQuota() implements DiskPlan {}

  /** The image gets another size. */
  record Resize(long bytes) implements DiskPlan {}

  /** The files go to a layout that can be limited. */
  record Move(DiskLayout to) implements DiskPlan {}

  /**
   * What there is.
   *
   * @param used bytes and files that are in use now; null for what is not known
   * @param size of an image, otherwise 0
   * @param inUse the container runs or is mounted
   */
  record Situation(
      DiskLayout layout,
      Choice choice,
      @Nullable Long used,
      @Nullable Long usedInodes,
      long size,
      boolean inUse) {}

  /**
   * @throws LaminaException BAD_PARAMETER, NO_KERNEL_SUPPORT, ALREADY_RUNNING or DISK_LIMIT_FAILED
   *     if they cannot be made to hold
   */
  static DiskPlan of(Situation now, DiskLimits limits) {
    if (now.layout == DiskLayout.DIR) {
      return limits.limitsSpace() || limits.limitsInodes() ? move(now, limits) : new Nothing();
    }
    requirePossible(now.layout, limits);
    // What a start on a full disk took beyond the limit does not keep the limit from holding.
    boolean image = now.layout == DiskLayout.IMAGE;
    DiskLimits most = image ? limits : limits.plus(Disks.HEADROOM, Disks.HEADROOM_FILES);
    requireRoom("bytes", now.used, limits.space(), most.limitsSpace() ? most.space() : null);
    requireRoom(
        "files", now.usedInodes, limits.inodes(), most.limitsInodes() ? most.inodes() : null);
    return now.layout == DiskLayout.IMAGE ? resize(now, limits) : new SetQuota();
  }

  /**
   * @throws LaminaException BAD_PARAMETER or NO_KERNEL_SUPPORT if such a layout never holds them
   */
  static void requirePossible(DiskLayout layout, DiskLimits limits) {
    if (limits.limitsInodes() && (layout == DiskLayout.BTRFS || layout == DiskLayout.IMAGE)) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "--diskinodes cannot be held in the layout "
              + layout.word()
              + ": "
              + (layout == DiskLayout.BTRFS
                  ? "quota groups of btrfs do not count files"
                  : "an image has one file for every 8 KiB of its size"),
          "Leave it out; --diskspace limits both there.");
    }
    if (layout == DiskLayout.IMAGE && limits.space() != null && !limits.limitsSpace()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "an image cannot be unlimited",
          "Give it a size; only what is written takes space on the host.");
    }
  }

  private static DiskPlan move(Situation now, DiskLimits limits) {
    if (now.choice.layout() == DiskLayout.DIR) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "no disk limit can be held here: " + now.choice.reason(),
          "See VE_LAYOUT in lamina.conf(5).");
    }
    requirePossible(now.choice.layout(), limits);
    if (now.choice.layout() == DiskLayout.IMAGE && !limits.limitsSpace()) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "--diskinodes cannot be held here: " + now.choice.reason(),
          "Give --diskspace, which makes an image of that size.");
    }
    if (now.inUse) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING,
          "the container's files lie in a plain directory, which nothing can limit; they can be"
              + " moved to the layout "
              + now.choice.layout().word()
              + " while it is stopped and not mounted",
          "Stop it, set the limit with --save, and start it again.");
    }
    return new Move(now.choice.layout());
  }

  private static DiskPlan resize(Situation now, DiskLimits limits) {
    if (!limits.limitsSpace() || limits.space() == null) {
      return new Nothing();
    }
    long wanted = Image.rounded(limits.space());
    if (wanted == now.size) {
      return new Nothing();
    }
    if (wanted < now.size && now.inUse) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING,
          "an image in use can grow but not shrink: it has "
              + new ByteSize(now.size).human()
              + ", asked was "
              + new ByteSize(wanted).human(),
          "Stop the container, set the limit with --save, and start it again.");
    }
    return new Resize(wanted);
  }

  private static void requireRoom(
      String what, @Nullable Long used, @Nullable Long limit, @Nullable Long most) {
    if (used != null && most != null && used > most) {
      throw new LaminaException(
          ExitCode.DISK_LIMIT_FAILED,
          "the container has "
              + used
              + " "
              + what
              + " on the disk already, which is more than the limit of "
              + limit,
          "Delete files inside first, or give a higher limit.");
    }
  }
}
