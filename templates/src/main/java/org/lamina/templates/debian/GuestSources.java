package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.List;

/** The apt sources that a container starts with: those it was built from. Pure. */
final class GuestSources {
  private GuestSources() {}

  /**
   * @param keyrings per suite the keyring's path inside the container, empty for apt's own trust
   */
  static String deb822(List<MirrorPlan.Suite> suites, List<String> keyrings) {
    return "# What this container was built from; edit freely.\n"
        + stanzas(
            suites.stream()
                .map(s ->
                    new MirrorPlan.Suite(
                        withoutCredentials(s.uri()), s.suite(), s.components(), s.signedBy()))
                .toList(),
            keyrings);
  }

  /** As {@link #deb822} with what the URIs hold, for apt of the host's side only. */
  static String stanzas(List<MirrorPlan.Suite> suites, List<String> keyrings) {
    StringBuilder out = new StringBuilder();
    List<String> heads = new ArrayList<>();
    for (int i = 0; i < suites.size(); i++) {
      heads.add(head(suites.get(i), keyrings.get(i)));
    }
    for (String head : heads.stream().distinct().toList()) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < suites.size(); i++) {
        if (heads.get(i).equals(head)) {
          names.add(suites.get(i).suite());
        }
      }
      out.append("\nTypes: deb\n").append(head.formatted(String.join(" ", names)));
    }
    return out.toString();
  }

  private static String head(MirrorPlan.Suite suite, String keyring) {
    return "URIs: "
        + suite.uri().replace("%", "%%")
        + "\nSuites: %s\nComponents: "
        + String.join(" ", suite.components())
        + "\n"
        + (keyring.isEmpty() ? "" : "Signed-By: " + keyring.replace("%", "%%") + "\n");
  }

  /** A container must not learn the password with which the host reaches its mirror. */
  static String withoutCredentials(String uri) {
    return uri.replaceFirst("^([a-z0-9+.-]+://)[^/@]*@", "$1");
  }
}
