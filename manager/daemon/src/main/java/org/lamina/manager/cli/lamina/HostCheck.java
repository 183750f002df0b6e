package org.lamina.manager.cli.lamina;

import java.util.Locale;

/**
 * One thing looked at on the host.
 *
 * @param found what is there
 * @param advice what to do; empty when all is well
 */
record HostCheck(String name, Result result, String found, String advice) {
  enum Result {
    OK,
    WARNING,
    MISSING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static HostCheck good(String name, String found) {
    return new HostCheck(name, Result.OK, found, "");
  }
}
