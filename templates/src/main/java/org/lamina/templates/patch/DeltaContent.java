package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/** Looks at single objects of a container's delta; asked only where something changed. */
public interface DeltaContent {
  /**
   * The object as a manifest would describe it, owners as the container sees them.
   *
   * @return null if it has gone
   */
  @Nullable ManifestEntry describe(String path) throws IOException;

  /**
   * @return null if it is no regular file or longer than {@code limit} bytes
   */
  byte @Nullable [] read(String path, int limit) throws IOException;

  /**
   * @return null if it is no regular file
   */
  @Nullable InputStream open(String path) throws IOException;
}
