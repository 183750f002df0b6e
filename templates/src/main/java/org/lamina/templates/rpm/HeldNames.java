package org.lamina.templates.rpm;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.build.Resource;

/** Packages that an update of a template must not change. Pure. */
final class HeldNames {
  private static final List<Pattern> PATTERNS =
      Resource.text(HeldNames.class, "held-packages.txt")
          .lines()
          .map(String::strip)
          .filter(l -> !l.isEmpty() && !l.startsWith("#"))
          .map(l -> Pattern.compile(Pattern.quote(l).replace("*", "\\E.*\\Q")))
          .toList();

  private HeldNames() {}

  /** Names of installed packages whose new versions may convert data. */
  static Set<String> among(PackageSet installed) {
    Set<String> out = new TreeSet<>();
    for (String key : installed.versions().keySet()) {
      String name = PackageSet.nameOf(key);
      if (PATTERNS.stream().anyMatch(p -> p.matcher(name).matches())) {
        out.add(name);
      }
    }
    return out;
  }

  /**
   * @throws LaminaException BAD_PARAMETER if the operator named one
   */
  static void refuse(String what, UpdateRequest request, Set<String> held) {
    for (String name : request.named()) {
      if (held.contains(name)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            what + ": a new version of " + name + " may convert the data in containers",
            "Update it inside each container: dnf upgrade " + name);
      }
    }
  }
}
