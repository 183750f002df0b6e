package org.lamina.schema;

/** Control groups as a container finds them at {@code /sys/fs/cgroup}; see cgroups(7). */
public enum CgroupVersion {
  /** A hierarchy for systemd's own use, without controllers, in a tmpfs. */
  V1,
  /** The unified hierarchy. */
  V2
}
