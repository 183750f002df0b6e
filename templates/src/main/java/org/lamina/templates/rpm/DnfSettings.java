package org.lamina.templates.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamina.templates.TemplateDefinition;

/**
 * The whole configuration of one run of dnf. Nothing of the host's own counts: no repository, no
 * plugin, no variable. Pure.
 */
final class DnfSettings {
  /** Where the certificates of the host are inside. */
  static final String AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

  private static final List<String> MAIN =
      List.of(
          "[main]",
          "gpgcheck=1",
          "localpkg_gpgcheck=1",
          "plugins=0",
          "best=1",
          "install_weak_deps=0",
          "skip_if_unavailable=0",
          "metadata_expire=0",
          "retries=3",
          "timeout=30",
          "cachedir=/run/lamina/work/cache",
          "persistdir=/run/lamina/work/persist",
          "logdir=/run/lamina/work/log",
          "reposdir=/run/lamina/work/none",
          "varsdir=/run/lamina/work/none",
          "sslcacert=" + AUTHORITIES);

  private DnfSettings() {}

  /**
   * @param excluded packages that count as not there, as dnf names them
   */
  static String text(TemplateDefinition definition, RepositoryPlan plan, List<String> excluded) {
    List<String> out = new ArrayList<>(MAIN);
    if (!excluded.isEmpty()) {
      out.add("excludepkgs=" + String.join(" ", excluded));
    }
    out.add("releasever=" + definition.release());
    out.add("module_platform_id=platform:el" + definition.release().replaceFirst("[^0-9].*", ""));
    for (int i = 0; i < plan.sources().size(); i++) {
      RepositoryPlan.Source source = plan.sources().get(i);
      out.add("");
      out.add("[" + source.id() + "]");
      out.add("name=" + source.id());
      out.add(source.kind().name().toLowerCase(Locale.ROOT) + "=" + plan.inside(i));
      out.add("enabled=1");
      out.add("gpgcheck=1");
      out.add("repo_gpgcheck=0");
    }
    return String.join("\n", out) + "\n";
  }
}
