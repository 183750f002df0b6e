package org.lamina.templates.rpm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.tree.MergedUsr;

/**
 * What dnf would change. Pure.
 *
 * @param after the packages that there would be
 * @param newer newest versions of packages that are left alone, by name, with the reason
 * @param security {@code NAME-VERSION-RELEASE}, with the epoch in front of the version if there is
 *     one, of everything that an advisory names
 * @param advisories whether any repository publishes some
 */
record UpdatePlan(
    PackageSet after, Map<String, Offer> newer, Set<String> security, boolean advisories) {
  /** A version that there is, and why it does not come. */
  record Offer(String version, String reason) {}

  /**
   * @param after lines as of {@link RpmDatabase#parse}
   * @param newer lines of name and version of servers of data
   * @param security output of {@code dnf updateinfo list}
   * @param locked newest versions that the generation itself does not want, by name
   */
  static UpdatePlan parse(
      String after, String newer, String security, boolean advisories, Map<String, String> locked) {
    Map<String, Offer> newest = new LinkedHashMap<>();
    locked.forEach((name, version) ->
        newest.put(name, new Offer(version, "the template itself locks or excludes it")));
    for (String line : newer.lines().toList()) {
      String[] words = line.split("\t", -1);
      if (words.length == 2) {
        String version = words[1].replaceFirst("^0:", "");
        newest.put(words[0], new Offer(version, "a new version may convert data"));
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
    PackageSet packages = RpmDatabase.parse(after.lines().toList(), MergedUsr.NONE).packages();
    return new UpdatePlan(packages, Map.copyOf(newest), Set.copyOf(named), advisories);
  }

  /** What would come, change and go, sorted by name, then architecture. */
  List<PackageChange> changes(PackageSet before) {
    return new ArrayList<>(
        before.changesTo(
            after, (name, from, to) -> to != null && security.contains(name + "-" + to)));
  }

  /** Packages left alone for which there is something newer, sorted by name. */
  List<HeldPackage> held(PackageSet before) {
    return newer.entrySet().stream()
        .filter(e -> before.versions().containsKey(e.getKey()))
        .map(e ->
            new HeldPackage(
                e.getKey(),
                before.versions().getOrDefault(e.getKey(), ""),
                e.getValue().version(),
                security.contains(e.getKey() + "-" + e.getValue().version()),
                e.getValue().reason()))
        .sorted(Comparator.comparing(HeldPackage::name))
        .toList();
  }
}
