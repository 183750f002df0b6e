package org.lamina.manager.core;

import java.nio.file.Path;

/** A consistent copy of the database while it is in use. */
public interface DatabaseBackup {
  /**
   * @param target an absolute path of a zip file that does not exist yet
   * @throws org.lamina.schema.LaminaException BAD_PARAMETER, SAVE_FAILED, DISK_FULL; nothing is
   *     left behind
   */
  void backup(Path target);
}
