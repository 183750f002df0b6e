package org.lamina.manager.core;

import java.nio.file.Path;
import org.lamina.agent.ContainerDisks;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;

/** Limits of the disk as the core puts them on containers. */
record DiskSettings(CoreParts parts) {
  /**
   * Makes the limits of a container hold; the caller holds its lock.
   *
   * @throws org.lamina.schema.LaminaException if they cannot be held; nothing was changed then
   */
  void hold(Container c, Listener listener) {
    ContainerDisks disks = parts.runtime().disks();
    Path area = parts.config().privateArea(c.ctid());
    boolean inUse = parts.isRunning(c.ctid()) || parts.isMounted(c.ctid());
    disks.hold(area, c.disk(), c.ids(), inUse, listener::say).forEach(listener::warn);
  }

  /** What a start has to see to; what an operator should know was said when it was set. */
  void holdBeforeStart(Container c, Listener listener) {
    if (!parts.areas().exists(c.ctid())) {
      return; // Told with what else is missing.
    }
    Path area = parts.config().privateArea(c.ctid());
    var _ = parts.runtime().disks().hold(area, c.disk(), c.ids(), false, listener::say);
  }

  /**
   * Samples are written for many hosts: what this one cannot hold of a sample is left out and said.
   */
  DiskLimits ofSample(DiskLimits sample, DiskLimits asked, Listener listener) {
    DiskLayout layout = parts.runtime().disks().choice(parts.config().privateDir()).layout();
    boolean space = sample.space() != null && asked.space() == null;
    if (layout == DiskLayout.DIR && (space || sample.inodes() != null)) {
      listener.warn("the disk limits of the sample are left out: nothing can hold them here");
      return DiskLimits.NONE;
    }
    boolean countsFiles = layout == DiskLayout.QUOTA;
    if (sample.limitsInodes() && asked.inodes() == null && !countsFiles) {
      listener.warn(
          "DISKINODES of the sample is left out: the layout "
              + layout.word()
              + " does not limit files by number");
      return new DiskLimits(sample.softSpace(), sample.space(), null, null, sample.grace());
    }
    return sample;
  }

  /** What is accepted and held by nobody. */
  static void tellGrace(DiskLimits asked, Listener listener) {
    if (asked.grace() != null) {
      listener.warn(
          "--quotatime is kept in the configuration and not enforced: the kernel has one grace time"
              + " for all projects of a file system, see setquota -P -t");
    }
  }
}
