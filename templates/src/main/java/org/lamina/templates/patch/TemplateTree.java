package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/** One generation, read only. Thread safe. Paths are relative. */
public interface TemplateTree {
  @Nullable ManifestEntry find(String path);

  /**
   * @throws IOException also if there is no such regular file
   */
  InputStream open(String path) throws IOException;

  /**
   * When a regular file's content was last changed, which package managers check.
   *
   * @throws IOException also if there is no such regular file
   */
  Instant modified(String path) throws IOException;

  /** The whole content of a regular file that is known to be small. */
  default byte[] read(String path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }
}
