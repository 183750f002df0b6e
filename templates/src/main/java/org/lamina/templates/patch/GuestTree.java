package org.lamina.templates.patch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container's root file system as the container sees it, of a stopped container mounted for the
 * purpose or of a running one. Paths are relative; no link is followed on the way, and a path that
 * a link or file interrupts is an error for changes and nothing for questions. Owners are the
 * container's ids. A change is seen whole or not at all.
 */
public interface GuestTree {
  /**
   * What lies at a path.
   *
   * @param modified when its content was last changed
   */
  record Stat(Type type, Attributes attributes, Instant modified) {
    /** Types that patching tells apart. */
    public enum Type {
      FILE,
      DIRECTORY,
      SYMLINK,
      OTHER
    }
  }

  /**
   * @return null if there is nothing
   */
  @Nullable Stat stat(String path) throws IOException;

  default boolean exists(String path) throws IOException {
    return stat(path) != null;
  }

  /** The content of a regular file. */
  InputStream open(String path) throws IOException;

  /** The whole content of a regular file that is known to be small. */
  default byte[] read(String path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  /**
   * Puts a regular file in place of whatever file, link or empty directory is there.
   *
   * @param content read to its end, and not closed
   * @param attributes null to keep those of the file that is there
   * @param modified when the content was last changed; null for now
   * @param xattrs extended attributes by name in base64
   */
  void write(
      String path,
      InputStream content,
      @Nullable Attributes attributes,
      @Nullable Instant modified,
      Map<String, String> xattrs)
      throws IOException;

  /** As the other method of this name, with content that is small and new. */
  default void write(
      String path, byte[] content, @Nullable Attributes attributes, Map<String, String> xattrs)
      throws IOException {
    write(path, new ByteArrayInputStream(content), attributes, null, xattrs);
  }

  /** Puts a symbolic link in place of whatever file, link or empty directory is there. */
  void link(String path, byte[] target, int uid, int gid) throws IOException;

  /** Makes a directory, or sets owner and mode of the one there. Parents must exist. */
  void makeDirectory(String path, Attributes attributes) throws IOException;

  /** Removes a file, link or empty directory; false if there is none or it is not empty. */
  boolean remove(String path) throws IOException;

  /** Names in a directory, sorted; empty if there is none. */
  List<String> list(String path) throws IOException;
}
