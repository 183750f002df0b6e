package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of packages, whoever upgraded, removed or held them. */
abstract class PatchCasesPackages extends PatchCases {
  @ParameterizedTest
  @ValueSource(
      ints = {
        UNTOUCHED,
        OWN_PACKAGES,
        SAME_VERSION,
        NEWER_VERSION,
        REMOVED,
        HELD,
        CUSTOM_LIVE,
        CUSTOM_STOPPED,
        CLASH,
        SANDBOX,
        HELD_AGAINST_NEEDS
      })
  void thePackageManagerIsContent(int ctid) {
    for (Map<Integer, Map<String, String>> when : List.of(before, after, back)) {
      assertThat(when.get(ctid))
          .describedAs("container %d: %s", ctid, about(said(rollout), ctid))
          .containsEntry("audit", "")
          .containsEntry("check", "")
          .containsEntry("install", "install ok installed");
      if (ctid != CUSTOM_LIVE && ctid != CUSTOM_STOPPED) {
        assertThat(when.get(ctid)).containsEntry("verify", "");
      }
      if (RUNNING.contains(ctid)) {
        assertThat(when.get(ctid)).containsEntry("system", "running");
      }
    }
  }

  @Test
  void ownPackagesStayAndTheTemplatesFollow() {
    assertThat(version(OWN_PACKAGES, "nginx")).endsWith("install ok installed");
    assertThat(version(OWN_PACKAGES, "sl")).endsWith("install ok installed");
    assertThat(now(OWN_PACKAGES)).containsEntry("game", "there");
    assertThat(version(OWN_PACKAGES, "libssl3")).isEqualTo(version(UNTOUCHED, "libssl3"));
    assertThat(guest(OWN_PACKAGES).text("systemctl is-active nginx")).isEqualTo("active");
    assertThat(about(plan, OWN_PACKAGES)).contains("mergeable");
    assertThat(about(said(rollout), OWN_PACKAGES)).contains("nginx.service");
  }

  @Test
  void aPackageUpgradedInsideToTheSameVersionFollows() {
    assertThat(version(SAME_VERSION, "libssl3")).isEqualTo(version(UNTOUCHED, "libssl3"));
    assertThat(now(SAME_VERSION).get("openssl")).isEqualTo(now(UNTOUCHED).get("openssl"));
    assertThat(about(plan, SAME_VERSION)).contains("libssl3: the container installed");
    assertThat(about(said(status), SAME_VERSION)).doesNotContain("still has");
    assertThat(guest(SAME_VERSION).delta("usr", "lib/x86_64-linux-gnu/libssl.so.3"))
        .describedAs("its equal copy was dropped")
        .doesNotExist();
  }

  @Test
  void aPackageUpgradedInsideToANewerVersionStays() {
    assertThat(version(NEWER_VERSION, "libssl3")).startsWith("3.9.9-1 ");
    assertThat(version(NEWER_VERSION, "openssl")).isEqualTo(version(UNTOUCHED, "openssl"));
    assertThat(about(plan, NEWER_VERSION)).contains("stays at the container's own 3.9.9-1");
    assertThat(about(said(status), NEWER_VERSION)).doesNotContain("still has");
  }

  @Test
  void removedAndPurgedPackagesStayAway() {
    assertThat(version(REMOVED, "ca-certificates")).isEqualTo("none");
    assertThat(version(REMOVED, "openssl")).contains("deinstall ok");
    assertThat(version(REMOVED, "libssl3")).isEqualTo(version(UNTOUCHED, "libssl3"));
    assertThat(now(REMOVED)).containsEntry("certificates", "0");
    assertThat(about(plan, REMOVED)).doesNotContain("still has");
  }

  @Test
  void aHeldPackageStaysAndIsNamed() {
    assertThat(version(HELD, "liblzma5")).isEqualTo(then(HELD).get("package liblzma5"));
    assertThat(version(HELD, "liblzma5")).contains("hold ok installed");
    assertThat(version(HELD, "libssl3")).isEqualTo(version(UNTOUCHED, "libssl3"));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, HELD))
          .contains("still has liblzma5 5.4.1", "on hold", "apt-mark unhold liblzma5");
    }
  }

  @Test
  void aHoldAgainstTheNeedsOfOthersStopsTheMove() {
    assertThat(now(HELD_AGAINST_NEEDS)).isEqualTo(then(HELD_AGAINST_NEEDS));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, HELD_AGAINST_NEEDS))
          .contains("perl-base is on hold", "apt-mark unhold perl-base", "libssl3 3.");
    }
  }
}
