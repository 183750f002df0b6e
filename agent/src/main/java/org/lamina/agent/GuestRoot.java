package org.lamina.agent;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container's root file system, worked on from the host without trusting anything in it: paths
 * are resolved inside the root, links included, and never leave it; files appear by rename; owners
 * are the ids the container itself knows. Not thread safe; the caller holds the container's lock.
 */
public interface GuestRoot extends AutoCloseable {
  enum Type {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER
  }

  /**
   * Metadata without following a final link.
   *
   * @param mode permission bits with set-id and sticky, 0..07777
   * @param uid as the container sees it, -1 if it has no such id
   * @param gid likewise
   * @param modified when the content was last changed
   */
  record Info(Type type, int mode, int uid, int gid, long size, Instant modified) {}

  /** What is at a path relative to the root, or empty. */
  Optional<Info> info(String path);

  /**
   * A regular file's content.
   *
   * @throws org.lamina.schema.LaminaException if it is no regular file or longer than 64 MiB
   */
  byte[] read(String path);

  /**
   * A regular file's content, however long, to be read once.
   *
   * @throws org.lamina.schema.LaminaException if it is no regular file
   */
  InputStream open(String path);

  /** Target of a symbolic link. */
  String readLink(String path);

  /** Names in a directory; empty if there is none. */
  List<String> list(String path);

  /**
   * Extended attributes of a regular file that count inside: capabilities, access lists and what
   * users set. Empty for anything else.
   */
  Map<String, byte[]> attributes(String path);

  /** Replaces or makes a file without extended attributes, durably. */
  default void write(String path, byte[] content, int mode, int uid, int gid) {
    write(path, content, mode, uid, gid, Map.of());
  }

  /** As the longest of these methods, with content that is small and new. */
  default void write(
      String path, byte[] content, int mode, int uid, int gid, Map<String, byte[]> attributes) {
    write(path, new ByteArrayInputStream(content), mode, uid, gid, null, attributes);
  }

  /**
   * Replaces or makes a file, durably.
   *
   * @param content read to its end, and not closed
   * @param modified when its content was last changed; null for now
   * @param attributes all its extended attributes; capabilities that name no root get the
   *     container's
   */
  void write(
      String path,
      InputStream content,
      int mode,
      int uid,
      int gid,
      @Nullable Instant modified,
      Map<String, byte[]> attributes);

  /** Replaces or makes a symbolic link. */
  void link(String path, String target, int uid, int gid);

  /** Makes a directory, or sets owner and mode of the one that is there. */
  void makeDirectory(String path, int mode, int uid, int gid);

  /** Removes a file, link or empty directory; nothing happens if there is none. */
  void remove(String path);

  @Override
  void close();
}
