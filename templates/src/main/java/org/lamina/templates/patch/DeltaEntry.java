package org.lamina.templates.patch;

/**
 * One object in a container's own layers.
 *
 * @param path relative to the container's root, without a leading slash
 */
public record DeltaEntry(String path, Kind kind) {
  /** What the object is to the layers below. */
  public enum Kind {
    FILE,
    DIRECTORY,
    /** A directory that hides whatever lower layers have below it. */
    OPAQUE_DIRECTORY,
    SYMLINK,
    /** Hides whatever lower layers have at this path. */
    WHITEOUT,
    /** Devices, pipes and sockets. */
    OTHER
  }
}
