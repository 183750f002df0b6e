package org.lamina.templates.rpm;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Formats of package databases. Builds and roll-outs leave them to the guest's own rpm, whatever
 * they are; only what to update is found out by this host's dnf, which has to read them. Pure.
 */
final class DatabaseForm {
  /** Those that rpm of Debian does not write, by the file that tells them. */
  private static final Map<String, String> FOREIGN =
      new TreeMap<>(Map.of("Packages", "Berkeley DB", "Packages.db", "ndb"));

  private DatabaseForm() {}

  /**
   * @param what what is tried on which template, for messages
   * @param files names in the directory of a database
   * @throws LaminaException TEMPLATE_BUILD_FAILED if this host's dnf cannot work on it
   */
  static void check(String what, Set<String> files) {
    FOREIGN.forEach((file, form) -> {
      if (files.contains(file)) {
        throw new LaminaException(
            ExitCode.TEMPLATE_BUILD_FAILED,
            what
                + ": its package database ("
                + file
                + ") is in the format "
                + form
                + ", on which this host's dnf cannot work",
            "Update it by a script that runs the template's own package manager: vzpkg update cache"
                + " TEMPLATE --run FILE.");
      }
    });
  }
}
