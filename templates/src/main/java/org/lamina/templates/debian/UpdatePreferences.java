package org.lamina.templates.debian;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.templates.build.PackageSet;

/** The apt preferences of an update. Pure. */
final class UpdatePreferences {
  private UpdatePreferences() {}

  /**
   * @param held packages that keep their version; a pin and no hold, because a hold would be
   *     written into the package database of the new generation
   * @param securityOnly whether other suites only serve packages that a security update needs anew
   */
  static String text(
      PackageSet installed, Set<String> held, List<String> suites, boolean securityOnly) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, String> entry : installed.versions().entrySet()) {
      if (held.contains(entry.getKey())) {
        out.append(stanza(entry.getKey(), "version " + entry.getValue(), 1001));
      }
    }
    if (securityOnly) {
      for (String suite : suites) {
        if (MirrorPlanner.isSecurity(suite)) {
          out.append(stanza("*", "release n=" + suite, 500));
          out.append(stanza("*", "release a=" + suite, 500));
        }
      }
      // Below 100 a version never replaces an installed one.
      out.append(stanza("*", "release o=*", 90));
    }
    return out.toString();
  }

  private static String stanza(String name, String pin, int priority) {
    return "Package: " + name + "\nPin: " + pin + "\nPin-Priority: " + priority + "\n\n";
  }
}
