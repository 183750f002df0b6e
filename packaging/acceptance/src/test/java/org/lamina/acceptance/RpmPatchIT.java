package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/**
 * The rpm family: the contract, and what is true of configuration files, scriptlets, triggers,
 * capabilities and excluded packages. The containers' own dnf checks and installs.
 */
class RpmPatchIT extends PatchContract {
  static final int EXCLUDED = 621;
  static final int OLDER_VERSION = 622;

  /** Of the attribute security.capability: effective, permitted. */
  private static final String CAP_NET_RAW = "0100000200200000000000000000000000000000";

  private static final String NOTHING_TO_UPGRADE = "";

  RpmPatchIT() {
    super(new RpmPatches());
  }

  @Override
  String edited(int ctid) {
    return switch (ctid) {
      case HELD, HELD_AGAINST_NEEDS -> "S.5....T.  c /etc/dnf/plugins/versionlock.list\\|";
      case EXCLUDED -> "S.5....T.  c /etc/dnf/dnf.conf\\|";
      default -> super.edited(ctid);
    };
  }

  /** One has a package that is older than the template ever had it. */
  @Override
  int wentBack() {
    return ExitCode.BEHIND.code();
  }

  @Override
  Set<String> forgotten(int ctid) {
    Set<String> out = new TreeSet<>(super.forgotten(ctid));
    if (ctid == NEWER_VERSION) {
      // The trigger that ran inside wrote the same as the one that ran in the build.
      out.add("trigger");
    }
    if (ctid == CUSTOM_LIVE || ctid == CUSTOM_STOPPED) {
      // Equal copies were dropped, and a deleted configuration file was put in again.
      out.addAll(List.of("verify", "hard links", "content deleted.conf"));
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {CUSTOM_LIVE, CUSTOM_STOPPED})
  void whatAnAdministratorChangedIsAsItWasAfterARollBack(int ctid) {
    Map<String, String> seen = Objects.requireNonNull(back.get(ctid));
    assertThat(seen).containsEntry("content deleted.conf", "deleted 1");
    assertThat(Objects.requireNonNull(seen.get("verify")).split("\\|"))
        .allMatch(
            l -> l.matches(".*/(edited.conf|main.conf|plain.conf|gone.d.*|opaque/[ab]|whiteout)"));
  }

  @Test
  void anUntouchedContainerGetsEverything() {
    Map<String, String> seen = now(UNTOUCHED);
    assertThat(version(UNTOUCHED, "site-case")).startsWith("2-1.el9 ");
    assertThat(version(UNTOUCHED)).isNotEqualTo(then(UNTOUCHED).get("package zlib"));
    assertThat(version(UNTOUCHED, "site-modern")).startsWith("1-1.el9 ");
    assertThat(version(UNTOUCHED, "site-legacy")).isEqualTo("none");
    assertThat(then(UNTOUCHED).get("upgrades")).contains("zlib.x86_64", "site-base.noarch");
    assertThat(seen)
        .containsEntry("upgrades", NOTHING_TO_UPGRADE)
        .containsEntry("content file", "file 2")
        .containsEntry("content added", "added 2")
        .doesNotContainKey("content removed")
        .containsEntry("content opaque/new", "opaque/new 2")
        .containsEntry("content gone.d/new", "gone.d/new 2")
        .containsEntry("content plain.conf", "plain 2")
        .containsEntry("content edited.conf", "edited 2")
        .containsEntry("content todir/a", "todir/a 2")
        .containsEntry("content tofile", "tofile 2")
        .containsEntry("content hard2", "hard1 2")
        .containsEntry("hard links", "2")
        .containsEntry("mode suid", "4755 root root")
        .containsEntry("mode /etc/site-case", "711 root root")
        .containsEntry("mode /var/lib/site-case/state", "750 root root")
        .containsEntry("mode /var/lib/site/owned", "640 sitesvc sitesvc")
        .containsEntry("alternative", "/usr/bin/casecmd2")
        .containsEntry("new alternative", "/usr/bin/site-show")
        .containsEntry("scriptlets", "post 1 1|post 2 2|preun 1 1|postun 1 1|");
    assertThat(seen.get("library")).startsWith("2 ").endsWith(".1");
    assertThat(seen.get("trigger")).isEqualTo("zlib came 1 1|zlib came 1 2|");
    assertThat(seen.get("user sitesvc")).isNotEmpty();
    assertThat(seen.get("user siteusr")).isNotEmpty();
    capabilitiesAreThere(seen);
  }

  private static void capabilitiesAreThere(Map<String, String> seen) {
    assertThat(seen)
        .containsEntry("capability capable", CAP_NET_RAW)
        .containsEntry("capability /var/lib/site-case/capable", CAP_NET_RAW)
        .containsEntry("capability /usr/bin/ping", CAP_NET_RAW)
        .containsEntry("content capable", "capable 2")
        .containsEntry("content /var/lib/site-case/capable", "capable 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {CUSTOM_LIVE, CUSTOM_STOPPED})
  void whatAnAdministratorChangedStays(int ctid) {
    Map<String, String> seen = now(ctid);
    assertThat(seen)
        .containsEntry("content edited.conf", "edited here")
        .containsEntry("content edited.conf.rpmnew", "edited 2")
        .containsEntry("content plain.conf", "plain 2")
        .containsEntry("content deleted.conf", "deleted 2")
        .containsEntry("site main.conf", "first=1 shared=1 state=1 mine=1")
        .containsEntry("site main.conf.rpmnew", "first=1 shared=1 state=2")
        .containsEntry("site plain.conf", "state=2")
        .containsEntry("site plain.conf.rpmsave", "state=1 mine=1")
        .doesNotContainKey("content whiteout")
        .doesNotContainKey("content opaque/a")
        .containsEntry("content opaque/new", "opaque/new 2")
        .containsEntry("content opaque/own", "own")
        .containsEntry("content file", "file 2")
        .containsEntry("content hard1", "hard1 2")
        .containsEntry("content todir/a", "todir/a 2")
        .containsEntry("content tofile", "tofile 2")
        .containsEntry("content hard2", "hard1 2")
        .containsEntry("content suid", "suid 2")
        .containsEntry("mode suid", "4755 root root")
        .containsEntry("mode /etc/site-case", "711 root root")
        .containsEntry("mode /var/lib/site-case/state", "750 root root")
        .containsEntry("alternative", "/usr/bin/casecmd0")
        .containsEntry("user own", "2345:2345")
        .containsEntry("group adm", "own")
        .containsEntry("own library", "1")
        .containsEntry("data", "data");
    assertThat(seen.get("user sitesvc")).isEqualTo(now(UNTOUCHED).get("user sitesvc"));
    assertThat(seen.get("alternatives")).contains("casecmd2");
    assertThat(version(ctid, "site-own")).startsWith("7-1.el9 ");
    capabilitiesAreThere(seen);
    // What rpm finds changed is what the administrator changed, and nothing else.
    assertThat(Objects.requireNonNull(seen.get("verify")).split("\\|"))
        .allMatch(l -> l.matches(".*/(edited.conf|main.conf|gone.d.*|opaque/[ab]|whiteout)"));
    for (String text : List.of(plan, said(rollout), said(status))) {
      assertThat(about(text, ctid)).contains("usr/lib/site-case/gone.d", "reinstall site-case");
    }
  }

  @Test
  void anExcludedPackageStaysAndIsNamed() {
    assertThat(version(EXCLUDED, "iputils"))
        .isEqualTo(then(EXCLUDED).get("package iputils"))
        .isNotEqualTo(version(UNTOUCHED, "iputils"));
    assertThat(version(EXCLUDED)).isEqualTo(version(UNTOUCHED));
    assertThat(now(EXCLUDED)).containsEntry("capability /usr/bin/ping", CAP_NET_RAW);
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, EXCLUDED)).contains("still has iputils", "locked or excluded");
    }
  }

  @Test
  void aPackageDowngradedInsideStaysAndIsNamed() {
    assertThat(version(OLDER_VERSION, "less")).startsWith("99-");
    assertThat(now(OLDER_VERSION)).containsEntry("upgrades", "less.x86_64");
    assertThat(version(OLDER_VERSION)).isEqualTo(version(UNTOUCHED));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, OLDER_VERSION))
          .contains("still has less 99-", "installed this version itself", "dnf upgrade less");
    }
    assertThat(about(said(rollback), OLDER_VERSION)).contains("still has less 99-");
  }

  @Test
  void whatIsRemovedStaysAwayAndWhatTakesItsPlaceComes() {
    assertThat(version(REMOVED, "site-modern")).startsWith("1-1.el9 ");
    assertThat(now(REMOVED)).containsEntry("upgrades", NOTHING_TO_UPGRADE);
  }

  /** Everything that is left to a container's own dnf after the move. */
  @Test
  @Order(Integer.MAX_VALUE)
  void anUpgradeInsideGoesOnFromThere() {
    patiently("vzpkg", "rollout", family.template(), "--to", "2", Integer.toString(HELD))
        .ended(ExitCode.BEHIND);
    Guest held = guest(HELD).started();
    held.sh(
            """
            dnf -q versionlock delete less
            dnf -y -q --repo=own,updates upgrade >/tmp/out 2>&1 || { cat /tmp/out; exit 1; }
            """)
        .ok();
    assertThat(
            held.text(
                "rpm -q --qf '%{EVR} ' zlib less; rpm -Va | grep -v versionlock; dnf -q check"))
        .isEqualTo("1:9.9-1 " + version(UNTOUCHED, "less").replace("installed", "").strip());
    assertThat(about(said(host.run("vzpkg", "status", family.template())), HELD))
        .doesNotContain("still has");
  }
}
