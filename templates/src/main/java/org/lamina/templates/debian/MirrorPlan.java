package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where each suite of a build comes from.
 *
 * @param suites empty: the host names no Debian archive, mmdebstrap's built-in default is used
 */
record MirrorPlan(List<Suite> suites) {

  MirrorPlan {
    suites = List.copyOf(suites);
  }

  boolean builtIn() {
    return suites.isEmpty();
  }

  /** Every suite of given sources, at the first of its places. */
  static List<Suite> suitesOf(List<AptSource> sources) {
    List<Suite> out = new ArrayList<>();
    for (AptSource source : sources) {
      for (String suite : source.suites()) {
        out.add(new Suite(source.uris().getFirst(), suite, source.components(), source.signedBy()));
      }
    }
    return out;
  }

  /** What was used, for people: no credentials. */
  static List<String> names(List<Suite> suites) {
    return suites.stream()
        .map(s ->
            GuestSources.withoutCredentials(s.uri())
                + " "
                + s.suite()
                + " "
                + String.join(" ", s.components()))
        .toList();
  }

  /**
   * @param signedBy raw value of the host's source
   */
  record Suite(String uri, String suite, List<String> components, Optional<String> signedBy) {}
}
