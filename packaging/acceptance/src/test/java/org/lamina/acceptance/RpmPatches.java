package org.lamina.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The test distribution of the rpm family as released, then everything that its repository of
 * updates has, by dnf. Containers see all repositories at {@code /srv/repo} and have dnf
 * themselves.
 */
final class RpmPatches implements PatchedFamily {
  private static final String FAMILY = "rpm/";

  private final RpmDistribution distribution = RpmDistribution.make();

  @Override
  public String template() {
    return RpmDistribution.NAME;
  }

  @Override
  public void build(LaminaHost host) {
    distribution.build(host, mirror(host, "nothing"), "dnf", "dnf-plugins-core").ok();
    PatchCases.update(host, template(), PatchCases.resource(FAMILY + "first.sh") + shelf());
  }

  /** Shell code that puts what containers need of the repositories where they see it. */
  private String shelf() {
    List<String> tar =
        List.of(
            "/bin/sh",
            "-ec",
            "cd \"$1\"; tar -cz key.asc own release/repodata updates/repodata updates/zlib-*"
                + " updates/less-* | base64",
            "sh",
            distribution.place().toString());
    String text = RunningCommand.start(tar, Map.of()).finish(PatchCases.LONG).ok().stdout();
    return "base64 -d <<'END' | tar -xz -C /srv/repo\n" + text + "END\n";
  }

  /** A mirror whose updates can be exchanged. */
  private Path mirror(LaminaHost host, String updates) {
    try {
      Path mirror = Files.createDirectories(host.configDir().resolve("mirror"));
      for (String name : List.of("release", "updates")) {
        Files.deleteIfExists(mirror.resolve(name));
      }
      Files.createSymbolicLink(mirror.resolve("release"), distribution.place().resolve("release"));
      Files.createSymbolicLink(mirror.resolve("updates"), distribution.place().resolve(updates));
      return mirror;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void update(LaminaHost host) {
    mirror(host, "updates");
    host.run(new byte[0], PatchCases.LONG, "vzpkg", "update", "cache", template()).ok();
  }

  @Override
  public Map<Integer, String> deeds() {
    Map<Integer, String> what = new LinkedHashMap<>();
    what.put(PatchCases.UNTOUCHED, "");
    what.put(
        PatchCases.OWN_PACKAGES, "rpm --import /srv/repo/key.asc; rpm -i /srv/repo/own/site-own*");
    what.put(PatchCases.SAME_VERSION, dnf("--repo=updates upgrade zlib"));
    what.put(PatchCases.NEWER_VERSION, dnf("--repo=own upgrade zlib"));
    what.put(RpmPatchIT.OLDER_VERSION, dnf("--repo=own downgrade less"));
    what.put(PatchCases.REMOVED, "rpm -e less site-legacy");
    what.put(PatchCases.HELD, dnf("versionlock add less"));
    what.put(RpmPatchIT.EXCLUDED, "sed -i '/^.main/a exclude=iputils' /etc/dnf/dnf.conf");
    what.put(PatchCases.CUSTOM_LIVE, PatchCases.resource(FAMILY + "custom.sh"));
    what.put(PatchCases.CUSTOM_STOPPED, PatchCases.resource(FAMILY + "custom.sh"));
    what.put(PatchCases.CLASH, "useradd --system --no-create-home theirs");
    what.put(PatchCases.NEVER_STARTED, "");
    what.put(PatchCases.MOUNTED, "");
    what.put(PatchCases.HELD_AGAINST_NEEDS, dnf("versionlock add site-base"));
    what.put(PatchCases.PINNED, "");
    what.put(PatchCases.BUSY, "");
    return what;
  }

  private static String dnf(String words) {
    return "rpm --import /srv/repo/key.asc\n"
        + "dnf -y -q "
        + words
        + " >/tmp/dnf.out 2>&1 || { cat /tmp/dnf.out; exit 1; }\nrm /tmp/dnf.out\n";
  }

  @Override
  public Set<Integer> running() {
    return Set.of(
        PatchCases.UNTOUCHED,
        PatchCases.OWN_PACKAGES,
        PatchCases.NEWER_VERSION,
        PatchCases.REMOVED,
        PatchCases.CUSTOM_LIVE,
        RpmPatchIT.EXCLUDED);
  }

  @Override
  public String facts() {
    return PatchCases.resource(FAMILY + "facts.sh");
  }

  @Override
  public String later() {
    return PatchCases.resource(FAMILY + "later.sh");
  }

  @Override
  public String renewed() {
    return "zlib";
  }

  @Override
  public String follower() {
    return "site-base";
  }

  @Override
  public String held() {
    return "less";
  }

  @Override
  public String library() {
    return "lib/x86_64-linux-gnu/libz.so.1";
  }

  @Override
  public String newer() {
    return "1:9.9-1";
  }

  @Override
  public List<String> own() {
    return List.of("site-own");
  }

  @Override
  public List<String> removed() {
    return List.of("less", "site-legacy");
  }

  @Override
  public List<String> outdated() {
    return List.of("zlib 1:1.2.13", "site-base 1-1.el9");
  }

  @Override
  public List<String> holding() {
    return List.of("still has less 590", "locked or excluded", "dnf versionlock delete less");
  }

  @Override
  public List<String> holdingAgainstNeeds() {
    return List.of("site-modern", "site-base >= 2", "dnf versionlock delete site-base");
  }

  @Override
  public String newUser() {
    return "sitesvc";
  }

  @Override
  public String place() {
    return "/usr/lib/site-case";
  }

  @Override
  public String slow() {
    return """
    mkfifo /tmp/go
    rpm --import /srv/repo/key.asc
    systemd-run -q --unit=slow rpm -i /srv/repo/own/site-slow-1-1.el9.noarch.rpm
    """;
  }

  @Override
  public String slowVersion() {
    return "rpm -q --qf '%{VERSION}' site-slow";
  }

  @Override
  public String oldService() {
    return "ssh.service";
  }
}
