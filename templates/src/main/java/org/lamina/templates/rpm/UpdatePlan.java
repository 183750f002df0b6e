package org.lamina.templates.rpm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;

/**
 * What dnf would change. Pure.
 *
 * @param comes packages that would come
 * @param newer newest versions of held packages, by name
 * @param security {@code NAME-VERSION-RELEASE}, with the epoch in front of the version if there is
 *     one, of everything that an advisory names
 * @param advisories whether any repository publishes some
 */
record UpdatePlan(
    List<Comes> comes, Map<String, String> newer, Set<String> security, boolean advisories) {
  /** One package that would come. */
  record Comes(String name, String version, String architecture) {}

  /**
   * @param plan lines of name, version and architecture
   * @param newer lines of name and version
   * @param security output of {@code dnf updateinfo list}
   */
  static UpdatePlan parse(String plan, String newer, String security, boolean advisories) {
    List<Comes> comes = new ArrayList<>();
    for (String line : plan.lines().toList()) {
      String[] words = line.split("\t", -1);
      if (words.length == 3) {
        comes.add(new Comes(words[0], words[1], words[2]));
      }
    }
    Map<String, String> newest = new LinkedHashMap<>();
    for (String line : newer.lines().toList()) {
      String[] words = line.split("\t", -1);
      if (words.length == 2) {
        newest.put(words[0], words[1].replaceFirst("^0:", ""));
      }
    }
    Set<String> named = new TreeSet<>();
    for (String line : security.lines().toList()) {
      String[] words = line.strip().split("\\s+");
      String last = words[words.length - 1];
      int dot = last.lastIndexOf('.');
      if (words.length >= 3 && dot > 0) {
        named.add(last.substring(0, dot).replaceFirst("-0:", "-"));
      }
    }
    return new UpdatePlan(List.copyOf(comes), Map.copyOf(newest), Set.copyOf(named), advisories);
  }

  /** Sorted by name, then architecture. What new packages take the place of is not known yet. */
  List<PackageChange> changes(PackageSet before) {
    return comes.stream()
        .map(c ->
            new PackageChange(
                c.name(),
                c.architecture(),
                from(c, before),
                c.version(),
                security.contains(c.name() + "-" + c.version())))
        .sorted(
            Comparator.comparing(PackageChange::name).thenComparing(PackageChange::architecture))
        .toList();
  }

  private static @Nullable String from(Comes one, PackageSet before) {
    @Nullable String foreign = before.versions().get(one.name() + ":" + one.architecture());
    return foreign == null ? before.versions().get(one.name()) : foreign;
  }

  /** Held packages for which there is something newer, sorted by name. */
  List<HeldPackage> held(PackageSet before) {
    return newer.entrySet().stream()
        .filter(e -> before.versions().containsKey(e.getKey()))
        .map(e ->
            new HeldPackage(
                e.getKey(),
                before.versions().getOrDefault(e.getKey(), ""),
                e.getValue(),
                security.contains(e.getKey() + "-" + e.getValue()),
                "a new version may convert data"))
        .sorted(Comparator.comparing(HeldPackage::name))
        .toList();
  }
}
