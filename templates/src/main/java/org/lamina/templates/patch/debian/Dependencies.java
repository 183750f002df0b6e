package org.lamina.templates.patch.debian;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.debian.Relations.Relation;

/**
 * Whether installed packages fit together, as {@code apt-get check} would ask. Architecture
 * qualifiers are not looked at. Pure.
 */
final class Dependencies {
  private Dependencies() {}

  /**
   * @param culprit the package whose need is not met
   * @param need as the package states it
   */
  record Problem(String culprit, String version, String need) {}

  /** A name and the version it stands for; null if provided without one. */
  private record Offer(String by, @Nullable String version) {}

  /** Needs that are not met, in the order of the database. */
  static Set<Problem> problems(DpkgStatus status) {
    Map<String, List<Offer>> offers = offers(status);
    Set<Problem> out = new LinkedHashSet<>();
    for (Stanza stanza : status.packages().values()) {
      if (DpkgStatus.isInstalled(stanza)) {
        check(stanza, offers, out);
      }
    }
    sameVersions(status, out);
    return out;
  }

  /** Libraries of several architectures share files, so they must be of one version. */
  private static void sameVersions(DpkgStatus status, Set<Problem> out) {
    Map<String, String> versions = new HashMap<>();
    for (Stanza stanza : status.packages().values()) {
      if (DpkgStatus.isInstalled(stanza) && stanza.field("Multi-Arch", "").equals("same")) {
        String version = stanza.field("Version", "");
        @Nullable String other = versions.putIfAbsent(stanza.field("Package", ""), version);
        if (other != null && !other.equals(version)) {
          out.add(
              new Problem(
                  stanza.field("Package", "") + ":" + stanza.field("Architecture", ""),
                  version,
                  "must be of one version on every architecture, and another has " + other));
        }
      }
    }
  }

  private static Map<String, List<Offer>> offers(DpkgStatus status) {
    Map<String, List<Offer>> out = new HashMap<>();
    for (Stanza stanza : status.packages().values()) {
      if (DpkgStatus.isInstalled(stanza)) {
        String name = stanza.field("Package", "");
        out.computeIfAbsent(name, k -> new ArrayList<>())
            .add(new Offer(name, stanza.field("Version", "")));
        for (Relation provided : stanza.relations().provides()) {
          out.computeIfAbsent(provided.name(), k -> new ArrayList<>())
              .add(new Offer(name, provided.version()));
        }
      }
    }
    return out;
  }

  private static void check(Stanza stanza, Map<String, List<Offer>> offers, Set<Problem> out) {
    String name = stanza.field("Package", "");
    String version = stanza.field("Version", "");
    for (List<Relation> alternatives : stanza.relations().depends()) {
      if (alternatives.stream().noneMatch(r -> met(r, offers, ""))) {
        out.add(
            new Problem(
                name,
                version,
                "needs "
                    + String.join(" or ", alternatives.stream().map(Relation::toString).toList())));
      }
    }
    for (Relation not : stanza.relations().against()) {
      if (met(not, offers, name)) {
        out.add(new Problem(name, version, "cannot live with " + not));
      }
    }
  }

  /**
   * @param except a package never conflicts with what it provides itself
   */
  private static boolean met(Relation relation, Map<String, List<Offer>> offers, String except) {
    for (Offer offer : offers.getOrDefault(relation.name(), List.of())) {
      if (!offer.by().equals(except) && relation.matches(offer.version())) {
        return true;
      }
    }
    return false;
  }
}
