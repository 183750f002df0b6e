package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.templates.TemplateDefinition;

/**
 * Picks Debian's main and security archive among the host's sources and gives every suite of a
 * definition its URI. Pure. A wrong pick cannot do harm: the signature check refuses it.
 */
final class MirrorPlanner {
  private static final Set<String> RELEASES =
      Set.of(
          "stable",
          "oldstable",
          "oldoldstable",
          "testing",
          "unstable",
          "sid",
          "buster",
          "bullseye",
          "bookworm",
          "trixie",
          "forky",
          "duke");
  private static final Pattern SAFE_URI =
      Pattern.compile("[a-z][a-z0-9+.-]{1,20}:[!-~&&[^\\[\\]\"'<>\\\\^`{|}]]{1,1000}");

  private MirrorPlanner() {}

  /**
   * @throws LaminaException TEMPLATE_BUILD_FAILED if the host has Debian's main archive but not the
   *     security archive that the definition asks for
   */
  static MirrorPlan plan(List<AptSource> sources, TemplateDefinition definition) {
    Optional<AptSource> main = best(sources, definition, false);
    if (main.isEmpty()) {
      return new MirrorPlan(List.of());
    }
    Optional<AptSource> security = best(sources, definition, true);
    List<MirrorPlan.Suite> out = new ArrayList<>();
    for (String suite : definition.suites()) {
      AptSource source = isSecurity(suite) ? needed(security, suite, definition) : main.get();
      out.add(
          new MirrorPlan.Suite(
              uri(source), suite, definition.components(), source.signedBy().map(String::strip)));
    }
    return new MirrorPlan(out);
  }

  static boolean isSecurity(String suite) {
    return suite.endsWith("-security") || suite.endsWith("/updates");
  }

  private static AptSource needed(
      Optional<AptSource> security, String suite, TemplateDefinition definition) {
    return security.orElseThrow(() ->
        new LaminaException(
            ExitCode.TEMPLATE_BUILD_FAILED,
            "cannot build template "
                + definition.name()
                + ": the host's apt sources name no security archive for suite "
                + suite,
            "Add the security archive to the host's apt sources, or remove the suite from a"
                + " definition of your own."));
  }

  private static Optional<AptSource> best(
      List<AptSource> sources, TemplateDefinition definition, boolean security) {
    return sources.stream()
        .filter(s -> s.components().contains("main"))
        .filter(s -> s.uris().stream().anyMatch(MirrorPlanner::usable))
        .filter(s -> s.suites().stream().anyMatch(n -> serves(n, definition, security)))
        .max(Comparator.comparingInt(MirrorPlanner::likeness));
  }

  private static boolean serves(String suite, TemplateDefinition definition, boolean security) {
    String base = suite.replaceFirst("(-security|-updates|-proposed-updates|/updates)$", "");
    return isSecurity(suite) == security
        && !suite.endsWith("-backports")
        && (RELEASES.contains(base) || base.equals(definition.release()));
  }

  /** Third parties use Debian's suite and component names too; Debian's own keyring decides. */
  private static int likeness(AptSource source) {
    int score = 0;
    String key = source.signedBy().orElse("");
    if (key.contains("debian-archive")) {
      score += 4;
    } else if (key.isEmpty()) {
      score += 2;
    }
    if (source.uris().stream().anyMatch(u -> u.contains("/debian"))) {
      score += 1;
    }
    return score;
  }

  private static String uri(AptSource source) {
    return source.uris().stream()
        .filter(MirrorPlanner::usable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no usable URI in " + source.file()));
  }

  /** Only what can stand unquoted in a one-line source; discs are not asked for at build time. */
  static boolean usable(String uri) {
    return SAFE_URI.matcher(uri).matches()
        && !uri.startsWith("cdrom:")
        && uri.equals(Printable.shorten(uri, 1100));
  }
}
