package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The distribution of the rpm family that tests are run against: real packages in local
 * repositories, made once from Debian's binaries by {@code packaging/lib/rpm-repo}.
 *
 * @param place directory with {@code release}, {@code updates}, {@code key.asc} and the bad ones
 */
public record TestDistribution(Path place) {
  /** A system that boots, and the packages that updates change. */
  public static final List<String> SYSTEM =
      List.of(
          "laminatest-release",
          "filesystem",
          "setup",
          "bash",
          "coreutils",
          "cronie",
          "dbus",
          "diffutils",
          "findutils",
          "grep",
          "gzip",
          "hostname",
          "iproute",
          "iputils",
          "less",
          "libnss-myhostname",
          "libpam-systemd",
          "mawk",
          "openssh-server",
          "procps-ng",
          "rpm",
          "rsyslog",
          "sed",
          "shadow-utils",
          "site-base",
          "site-case",
          "site-hooks",
          "site-legacy",
          "systemd-sysv",
          "tar",
          "util-linux",
          "util-linux-login",
          "vim-minimal");

  /** Makes it unless it is there. */
  public static TestDistribution make() throws IOException, InterruptedException {
    Path program = Path.of("../packaging/lib/rpm-repo").toAbsolutePath().normalize();
    Process made =
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String out = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (made.waitFor() != 0 || !Files.isDirectory(Path.of(out))) {
      throw new AssertionError("packaging/lib/rpm-repo failed: " + out);
    }
    return new TestDistribution(Path.of(out));
  }

  /** A definition's text that uses these repositories below {@link #place}, with its own key. */
  public String definition(List<String> packages, String... repositories) {
    return definition(packages, place.resolve("key.asc"), paths(repositories));
  }

  private List<Path> paths(String... repositories) {
    return List.of(repositories).stream().map(place::resolve).toList();
  }

  /** A definition's text with repositories and keys of the caller's choice. */
  public static String definition(List<String> packages, Path key, List<Path> repositories) {
    return definition(
        packages, key, fingerprint(key), repositories.stream().map(r -> "file://" + r).toList());
  }

  static String definition(
      List<String> packages, Path key, String fingerprint, List<String> addresses) {
    StringBuilder sources = new StringBuilder();
    for (String address : addresses) {
      sources.append(sources.isEmpty() ? "" : ", ");
      sources.append(
          "{\"id\": \"r%d\", \"path\": \"$releasever/%d/$basearch\", \"baseurl\": \"%s\"}"
              .formatted(sources.length(), sources.length(), address));
    }
    return """
    {"summary": "The test distribution", "family": "rpm", "release": "9",
     "repositories": [%s],
     "keys": [{"file": "%s", "fingerprints": ["%s"]}],
     "packages": [%s], "init": "systemd", "swappableTrees": ["usr"]}
    """
        .formatted(
            sources,
            key,
            fingerprint,
            packages.stream().map(p -> "\"" + p + "\"").collect(Collectors.joining(", ")));
  }

  /** Of the first key in a file, as gpg says it. */
  static String fingerprint(Path key) {
    try {
      Process gpg =
          new ProcessBuilder(
                  "gpg", "--with-colons", "--no-autostart", "--show-keys", key.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String out = new String(gpg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return RepositoryKeys.parse(out.lines().toList()).getFirst();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
