package org.lamina.templates.build;

import org.lamina.schema.Progress;

/** Updates the packages of one distribution family's generations. Thread safe. */
public interface TemplateUpdater {
  /** The {@code family} of the definitions that this can update. */
  String family();

  /** Whether the package manager takes a file for changed if only its time is another one. */
  default boolean checksTimes() {
    return false;
  }

  /**
   * Fills the upper layer with what the update changes. When it returns or throws, no process of
   * the update lives and nothing is mounted; the caller removes the files of a failed one.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_BUILD_FAILED, BAD_PARAMETER or DISK_FULL
   * @throws InterruptedException if the calling thread was interrupted
   */
  UpdateOutcome update(UpdateWork work, Progress progress) throws InterruptedException;
}
