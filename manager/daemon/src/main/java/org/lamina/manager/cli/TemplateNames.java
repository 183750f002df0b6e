package org.lamina.manager.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;

/**
 * Names scripts use for the same template: with the machine's architecture behind it, as OpenVZ's
 * tarballs and EZ templates had it, or the distribution's code name.
 */
public final class TemplateNames {
  private static final Set<String> INTEL = Set.of("x86_64", "amd64");
  private static final Set<String> ARM = Set.of("aarch64", "arm64");

  private TemplateNames() {}

  /** The template meant, or the text as typed when none is. */
  public static String resolve(String typed, TemplateService templates) {
    return resolve(typed, templates.list(), System.getProperty("os.arch", ""));
  }

  static String resolve(String typed, List<TemplateView> known, String architecture) {
    String name = typed.startsWith(".") ? typed.substring(1) : typed;
    String bare = withoutArchitecture(name, architecture);
    for (String candidate : List.of(typed, name, bare)) {
      if (known.stream().anyMatch(t -> t.name().equals(candidate))) {
        return candidate;
      }
    }
    List<String> byRelease =
        known.stream()
            .filter(t -> t.definition().map(d -> d.release().equals(bare)).orElse(false))
            .map(TemplateView::name)
            .sorted()
            .toList();
    // debian-12 and debian-12-sysvinit are one release; the plain one is meant.
    return byRelease.isEmpty() ? typed : byRelease.getFirst();
  }

  private static String withoutArchitecture(String name, String architecture) {
    Set<String> own =
        INTEL.contains(architecture.toLowerCase(Locale.ROOT))
            ? INTEL
            : ARM.contains(architecture.toLowerCase(Locale.ROOT)) ? ARM : Set.of();
    for (String suffix : own) {
      if (name.endsWith("-" + suffix)) {
        return name.substring(0, name.length() - suffix.length() - 1);
      }
    }
    return name;
  }
}
