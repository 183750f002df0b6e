package org.lamina.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The distribution of the rpm family that tests run: real packages in local repositories, made once
 * from Debian's binaries by {@code packaging/lib/rpm-repo}.
 *
 * @param place directory with {@code release}, {@code updates}, {@code own} and {@code key.asc}
 */
record RpmDistribution(Path place) {
  /** The template that is made from it. */
  static final String NAME = "el9-test";

  /** The same for an init that knows only control groups of the first version. */
  static final String FOR_V1 = "el9-test-v1";

  private static final String REPOSITORY =
      "{\"id\": \"%1$s\", \"path\": \"%1$s\", \"baseurl\": \"http://127.0.0.1:9/nowhere\"}";

  private static final String DEFINITION =
      """
      {"summary": "The test distribution", "family": "rpm", "release": "9",
       "repositories": [REPOSITORIES],
       "keys": [{"file": "/nonexistent/key", "fingerprints": ["FINGERPRINT"]}],
       "packages": [MORE"bash", "coreutils", "cronie", "dbus", "diffutils", "filesystem", "findutils",
         "grep", "gzip", "hostname", "iproute", "iputils", "laminatest-release", "less",
         "libnss-myhostname", "libpam-systemd", "mawk", "openssh-server", "procps-ng", "rpm", "rsyslog",
         "sed", "setup", "shadow-utils", "site-base", "site-case", "site-hooks", "site-legacy", "systemd-sysv",
         "tar", "util-linux", "util-linux-login", "vim-minimal"],
       "init": "systemd", "swappableTrees": ["usr"], "cgroups": "CGROUPS"}
      """;

  /** Makes it unless it is there. */
  static RpmDistribution make() {
    Path program = Path.of("../lib/rpm-repo").toAbsolutePath().normalize();
    String place =
        RunningCommand.start(List.of(program.toString()), Map.of())
            .finish(Duration.ofMinutes(15))
            .ok()
            .text();
    return new RpmDistribution(Path.of(place));
  }

  /** Builds the template on a host, from the local mirror and with its key as an operator would. */
  CommandResult build(LaminaHost host) {
    return build(host, NAME, "any", place, List.of("release"), List.of());
  }

  /** As {@link #build(LaminaHost)}: {@link #FOR_V1}. */
  CommandResult buildForV1(LaminaHost host) {
    return build(host, FOR_V1, "v1", place, List.of("release"), List.of());
  }

  /**
   * As {@link #build(LaminaHost)} from another mirror, which has updates too.
   *
   * @param packages names of more packages
   */
  CommandResult build(LaminaHost host, Path mirror, String... packages) {
    return build(host, NAME, "any", mirror, List.of("release", "updates"), List.of(packages));
  }

  private CommandResult build(
      LaminaHost host,
      String name,
      String cgroups,
      Path mirror,
      List<String> repositories,
      List<String> packages) {
    String listed =
        repositories.stream().map(REPOSITORY::formatted).collect(Collectors.joining(", "));
    String more = packages.stream().map("\"%s\", "::formatted).collect(Collectors.joining());
    try {
      Path definitions = Files.createDirectories(host.configDir().resolve("templates.d"));
      Files.writeString(
          definitions.resolve(name + ".json"),
          DEFINITION
              .replace("CGROUPS", cgroups)
              .replace("FINGERPRINT", "0".repeat(40))
              .replace("REPOSITORIES", listed)
              .replace("MORE", more));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return host.run(
        new byte[0],
        Duration.ofMinutes(8),
        "vzpkg",
        "create",
        "cache",
        name,
        "--mirror",
        "file://" + mirror,
        "--gpgkey",
        place.resolve("key.asc").toString());
  }
}
