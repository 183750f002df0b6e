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
 * Debian 12 as released, its real updates, and the second version of a package that has a file for
 * every case.
 */
final class DebianPatches implements PatchedFamily {
  private static final String NAME = "debian-12-released";

  private static final String DEFINITION =
      """
      {"summary": "Debian 12 as released", "family": "debian", "release": "bookworm",
       "suites": ["bookworm"], "updateSuites": ["bookworm-updates", "bookworm-security"],
       "components": ["main"], "variant": "minbase", "init": "systemd",
       "packages": ["apt", "ca-certificates", "cron", "dbus", "iproute2", "libpam-systemd", "procps", "perl",
         "systemd", "systemd-sysv", "tzdata"],
       "swappableTrees": ["usr"]}
      """;

  @Override
  public String template() {
    return NAME;
  }

  @Override
  public void build(LaminaHost host) {
    try {
      Path definitions = Files.createDirectories(host.configDir().resolve("templates.d"));
      Files.writeString(definitions.resolve(NAME + ".json"), DEFINITION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    host.run(new byte[0], PatchCases.LONG, "vzpkg", "create", "cache", NAME).ok();
    PatchCases.update(host, NAME, PatchCases.resource("debian/first.sh"));
  }

  @Override
  public void update(LaminaHost host) {
    PatchCases.update(host, NAME, PatchCases.resource("debian/second.sh"));
  }

  @Override
  public Map<Integer, String> deeds() {
    Map<Integer, String> what = new LinkedHashMap<>();
    what.put(PatchCases.UNTOUCHED, "");
    what.put(
        PatchCases.OWN_PACKAGES,
        "cd /srv/debs; dpkg -i nginx*.deb lib[!s]*.deb sl_*.deb >/dev/null 2>&1");
    what.put(PatchCases.SAME_VERSION, "dpkg -i /srv/debs/libssl3_*.deb >/dev/null");
    what.put(
        PatchCases.NEWER_VERSION,
        """
        cd /tmp
        dpkg-deb -R /srv/debs/libssl3_*.deb d
        sed -i 's/^Version: .*/Version: 3.9.9-1/' d/DEBIAN/control
        echo own >d/usr/share/doc/libssl3/own
        dpkg-deb -b d n.deb >/dev/null
        dpkg -i n.deb >/dev/null
        rm -rf d n.deb
        """);
    what.put(
        PatchCases.REMOVED,
        "dpkg --purge ca-certificates >/dev/null 2>&1; dpkg -r openssl >/dev/null 2>&1");
    what.put(PatchCases.HELD, "apt-mark hold liblzma5 >/dev/null");
    what.put(PatchCases.CUSTOM_LIVE, PatchCases.resource("debian/custom.sh"));
    what.put(PatchCases.CUSTOM_STOPPED, PatchCases.resource("debian/custom.sh"));
    what.put(PatchCases.CLASH, "useradd --system --no-create-home theirs");
    what.put(PatchCases.NEVER_STARTED, "");
    what.put(PatchCases.MOUNTED, "");
    what.put(PatchCasesIT.SANDBOX, PatchCases.resource("debian/sandbox.sh"));
    what.put(PatchCases.HELD_AGAINST_NEEDS, "apt-mark hold perl-base >/dev/null");
    what.put(PatchCases.PINNED, "");
    what.put(
        PatchCasesIT.LOCALES,
        "echo 'de_DE.UTF-8 UTF-8' >>/etc/locale.gen; locale-gen >/dev/null 2>&1");
    what.put(PatchCases.BUSY, "");
    return what;
  }

  @Override
  public Set<Integer> running() {
    return Set.of(
        PatchCases.UNTOUCHED,
        PatchCases.OWN_PACKAGES,
        PatchCases.NEWER_VERSION,
        PatchCases.REMOVED,
        PatchCases.CUSTOM_LIVE,
        PatchCasesIT.SANDBOX,
        PatchCasesIT.LOCALES);
  }

  @Override
  public String facts() {
    return PatchCases.resource("debian/facts.sh");
  }

  @Override
  public String later() {
    return PatchCases.resource("debian/later.sh");
  }

  @Override
  public String renewed() {
    return "libssl3";
  }

  @Override
  public String follower() {
    return "openssl";
  }

  @Override
  public String held() {
    return "liblzma5";
  }

  @Override
  public String library() {
    return "lib/x86_64-linux-gnu/libssl.so.3";
  }

  @Override
  public String newer() {
    return "3.9.9-1";
  }

  @Override
  public List<String> own() {
    return List.of("nginx", "sl");
  }

  @Override
  public List<String> removed() {
    return List.of("ca-certificates", "openssl");
  }

  @Override
  public List<String> outdated() {
    return List.of("libssl3 3.", "liblzma5 5.4.1");
  }

  @Override
  public List<String> holding() {
    return List.of("still has liblzma5 5.4.1", "on hold", "apt-mark unhold liblzma5");
  }

  @Override
  public List<String> holdingAgainstNeeds() {
    return List.of("perl-base is on hold", "apt-mark unhold perl-base");
  }

  @Override
  public String newUser() {
    return "casenew";
  }

  @Override
  public String place() {
    return "/usr/lib/case";
  }

  @Override
  public String slow() {
    return """
    mkdir -p /tmp/s/DEBIAN
    printf 'Package: slow\\nVersion: 1\\nArchitecture: all\\nMaintainer: N <n@localhost>\\n' \
      >/tmp/s/DEBIAN/control
    echo 'Description: waits' >>/tmp/s/DEBIAN/control
    mkfifo /tmp/go
    printf '#!/bin/sh\\ntouch /tmp/begun; read x </tmp/go\\n' >/tmp/s/DEBIAN/preinst
    chmod 755 /tmp/s/DEBIAN/preinst
    dpkg-deb -b /tmp/s /tmp/slow.deb
    systemd-run -q --unit=slow dpkg -i /tmp/slow.deb
    """;
  }

  @Override
  public String slowVersion() {
    return "dpkg-query -W -f '${Version}' slow";
  }

  @Override
  public String oldService() {
    return "cron.service";
  }
}
