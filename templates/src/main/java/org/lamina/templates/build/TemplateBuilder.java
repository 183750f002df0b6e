package org.lamina.templates.build;

import org.lamina.schema.Progress;

/** Makes the root file system of one distribution family. Thread safe. */
public interface TemplateBuilder {
  /** The {@code family} of the definitions that this builder can build. */
  String family();

  /**
   * Fills the request's root directory, which does not exist yet. When it returns or throws, no
   * process of the build lives and nothing is mounted; after a failure the caller removes the
   * files.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_BUILD_FAILED or DISK_FULL
   * @throws InterruptedException if the calling thread was interrupted
   */
  BuildResult build(BuildRequest request, Progress progress) throws InterruptedException;
}
