package org.lamina.templates.patch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/** One generation, read only. Thread safe. Paths are relative. */
public interface TemplateTree {
  @Nullable ManifestEntry find(String path);

  /**
   * @throws IOException also if there is no such regular file
   */
  byte[] read(String path) throws IOException;
}
