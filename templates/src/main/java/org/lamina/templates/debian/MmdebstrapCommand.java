package org.lamina.templates.debian;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.templates.TemplateDefinition;

/** The argument vector and environment of a build. Pure. */
final class MmdebstrapCommand {
  /**
   * Maintainer scripts run with root rights, as on any Debian machine, but in namespaces of their
   * own and without what could change the running kernel. The death of the daemon's thread kills
   * the outer process, that one its child, and the child, first of its PID namespace, all others;
   * with the mount namespace every mount of the build goes.
   */
  private static final List<String> CONFINED =
      List.of(
          "setsid",
          "setpriv",
          "--pdeathsig=KILL",
          "--bounding-set=-sys_module,-sys_rawio,-sys_boot,-sys_time,-syslog,-mac_admin,"
              + "-mac_override,-wake_alarm,-sys_pacct",
          "unshare",
          "--mount",
          "--pid",
          "--ipc",
          "--uts",
          "--fork",
          "--kill-child",
          "--mount-proc",
          "--");

  private static final List<String> PROXIES =
      List.of("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy");

  private MmdebstrapCommand() {}

  /**
   * @param plan the archive to use
   * @param keyrings per suite of the plan the keyring file, absent where apt's own trust decides
   * @param aptSettings file with apt settings for the time of the build
   * @param hook text of a shell script that mmdebstrap runs with the root's path as its argument
   *     when all packages are installed
   */
  static List<String> argv(
      TemplateDefinition definition,
      MirrorPlan plan,
      List<Optional<Path>> keyrings,
      Path aptSettings,
      Optional<String> hook,
      Path root) {
    List<String> argv = new ArrayList<>(CONFINED);
    argv.add("mmdebstrap");
    argv.add("--mode=root");
    argv.add("--verbose");
    argv.add("--format=directory");
    argv.add("--variant=" + definition.variant());
    argv.add("--components=" + String.join(",", definition.components()));
    argv.add("--include=" + String.join(",", definition.packages()));
    argv.add("--aptopt=" + aptSettings);
    hook.ifPresent(script -> argv.add("--customize-hook=" + script));
    argv.add(definition.release());
    argv.add(root.toString());
    for (int i = 0; i < plan.suites().size(); i++) {
      argv.add(source(plan.suites().get(i), keyrings.get(i)));
    }
    return argv;
  }

  private static String source(MirrorPlan.Suite suite, Optional<Path> keyring) {
    String options = keyring.map(k -> "[signed-by=" + k + "] ").orElse("");
    return "deb "
        + options
        + suite.uri()
        + " "
        + suite.suite()
        + " "
        + String.join(" ", suite.components());
  }

  /**
   * @param inherited the daemon's environment, of which only the proxies are passed on
   * @param scratch for temporary files, so that a killed build leaves none elsewhere
   */
  static Map<String, String> environment(Map<String, String> inherited, Path scratch) {
    Map<String, String> out = new HashMap<>();
    out.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    out.put("LC_ALL", "C.UTF-8");
    out.put("DEBIAN_FRONTEND", "noninteractive");
    out.put("HOME", "/root");
    out.put("TMPDIR", scratch.toString());
    for (String proxy : PROXIES) {
      String value = inherited.get(proxy);
      if (value != null) {
        out.put(proxy, value);
      }
    }
    return out;
  }
}
