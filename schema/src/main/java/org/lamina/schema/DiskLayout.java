package org.lamina.schema;

import java.util.Arrays;
import java.util.Optional;

/** How a container's own files lie on the disk, which decides how they are limited. */
public enum DiskLayout {
  /** A plain directory; nothing can limit it. */
  DIR("dir"),
  /** A directory with a project quota of ext4 or XFS. */
  QUOTA("quota"),
  /** A subvolume with a quota group of btrfs. */
  BTRFS("btrfs"),
  /** An ext4 image in a file, mounted through a loop device. */
  IMAGE("image");

  private final String word;

  DiskLayout(String word) {
    this.word = word;
  }

  /** As configuration files and tables have it. */
  public String word() {
    return word;
  }

  public static Optional<DiskLayout> of(String word) {
    return Arrays.stream(values()).filter(layout -> layout.word.equals(word)).findFirst();
  }
}
