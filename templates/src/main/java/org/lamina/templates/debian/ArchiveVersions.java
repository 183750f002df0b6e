package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.debian.DebianVersion;

/** Which versions of packages the archives have. Immutable. */
final class ArchiveVersions {
  /** One version in one suite. */
  private record Offer(String version, boolean security, boolean automatic) {}

  private final Map<String, List<Offer>> offers;

  private ArchiveVersions(Map<String, List<Offer>> offers) {
    this.offers = offers;
  }

  /**
   * @param madison output of {@code apt-cache madison}: {@code NAME | VERSION | URI SUITE/COMPONENT
   *     ARCHITECTURE Packages}
   */
  static ArchiveVersions parse(String madison) {
    Map<String, List<Offer>> out = new HashMap<>();
    for (String line : madison.lines().toList()) {
      String[] columns = line.split("\\|", 3);
      String[] source = columns.length < 3 ? new String[0] : columns[2].strip().split(" ");
      if (source.length >= 4 && source[source.length - 1].equals("Packages")) {
        int slash = source[1].lastIndexOf('/');
        String suite = slash < 0 ? source[1] : source[1].substring(0, slash);
        out.computeIfAbsent(columns[0].strip(), _ -> new ArrayList<>())
            .add(
                new Offer(
                    columns[1].strip(),
                    MirrorPlanner.isSecurity(suite),
                    !suite.endsWith("-backports")));
      }
    }
    return new ArchiveVersions(out);
  }

  /**
   * Whether a change brings a security update, also if the new version itself comes from a later
   * point release.
   *
   * @param from null if the package is new
   * @param to null if it goes
   */
  boolean security(String name, @Nullable String from, @Nullable String to) {
    return to != null
        && of(name).stream()
            .anyMatch(o ->
                o.security
                    && DebianVersion.compare(o.version, to) <= 0
                    && (from == null || DebianVersion.compare(o.version, from) > 0));
  }

  /**
   * The newest version above the installed one.
   *
   * @param securityOnly whether only archives of security updates count
   */
  Optional<String> newer(String name, String installed, boolean securityOnly) {
    return of(name).stream()
        .filter(o -> o.automatic && (o.security || !securityOnly))
        .map(Offer::version)
        .filter(v -> DebianVersion.compare(v, installed) > 0)
        .max(DebianVersion.ORDER);
  }

  private List<Offer> of(String name) {
    return offers.getOrDefault(name, List.of());
  }
}
