package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.PackageSet;

/** Packages that an update of a template must not change, and those that apt does not. Pure. */
final class HeldPackages {
  private static final List<Pattern> PATTERNS = patterns(Scripts.text("held-packages.txt"));

  private HeldPackages() {}

  private static List<Pattern> patterns(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("#"))
        .map(l -> Pattern.compile(Pattern.quote(l).replace("*", "\\E.*\\Q")))
        .toList();
  }

  /** Names of installed packages whose new versions may convert data. */
  static SortedSet<String> among(PackageSet installed) {
    SortedSet<String> out = new TreeSet<>();
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
        throw refused(what, name);
      }
    }
  }

  /**
   * @throws LaminaException TEMPLATE_BUILD_FAILED if apt would change one all the same
   */
  static void verify(String what, List<PlannedChange> plan, Set<String> held) {
    for (PlannedChange change : plan) {
      if (held.contains(change.name())) {
        throw new LaminaException(
            ExitCode.TEMPLATE_BUILD_FAILED,
            what
                + ": apt would change "
                + change.name()
                + ", whose data in containers a new version may convert",
            "Name the packages to update without it.");
      }
    }
  }

  private static LaminaException refused(String what, String name) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        what + ": a new version of " + name + " may convert the data in containers",
        "Update it inside each container: apt-get install " + name);
  }

  /**
   * What stays old although there is a newer version, sorted by name.
   *
   * @param plan what apt would change
   */
  static List<HeldPackage> list(
      PackageSet installed,
      Set<String> held,
      List<PlannedChange> plan,
      ArchiveVersions archive,
      UpdateRequest request) {
    List<HeldPackage> out = new ArrayList<>();
    boolean all = request.scope() instanceof UpdateRequest.Everything;
    boolean security = request.scope() instanceof UpdateRequest.Security;
    Set<String> changing = new TreeSet<>();
    plan.forEach(p -> changing.add(p.name()));
    for (Map.Entry<String, String> entry : installed.versions().entrySet()) {
      String name = PackageSet.nameOf(entry.getKey());
      String version = entry.getValue();
      Optional<String> newer = archive.newer(name, version, security);
      if (newer.isEmpty() || changing.contains(name) || !name.equals(entry.getKey())) {
        continue;
      }
      String reason = held.contains(name) ? "a new version may convert data" : "apt keeps it back";
      if (held.contains(name) || all || security) {
        out.add(
            new HeldPackage(
                name, version, newer.get(), archive.security(name, version, newer.get()), reason));
      }
    }
    out.sort(Comparator.comparing(HeldPackage::name));
    return out;
  }
}
