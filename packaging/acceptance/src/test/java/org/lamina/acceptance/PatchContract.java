package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/** What is true after patching whatever family the distribution is of; see {@link PatchCases}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class PatchContract extends PatchCases {
  PatchContract(PatchedFamily family) {
    super(family);
  }

  /** Containers that were asked what is true in them. */
  Set<Integer> asked() {
    return before.keySet();
  }

  /** Files that a container's administrator changed, as a pattern of what finds them. */
  String edited(int ctid) {
    return ctid == CUSTOM_LIVE || ctid == CUSTOM_STOPPED ? ".*" : "";
  }

  @ParameterizedTest
  @MethodSource("asked")
  void thePackageManagerIsContent(int ctid) {
    for (Map<Integer, Map<String, String>> when : List.of(before, after, back)) {
      Map<String, String> seen = Objects.requireNonNull(when.get(ctid));
      assertThat(seen)
          .describedAs("container %d: %s", ctid, about(said(rollout), ctid))
          .containsEntry("audit", "")
          .containsEntry("check", "");
      assertThat(seen.get("verify")).describedAs("in %d", ctid).matches(edited(ctid));
      if (family.running().contains(ctid)) {
        assertThat(seen).containsEntry("system", "running");
      }
    }
    assertThat(now(ctid)).containsEntry("install", "installed");
    assertThat(back.get(ctid)).containsEntry("install", "installed");
  }

  /** A package of the very version of the template's is the template's from then on. */
  Set<Integer> returning() {
    Set<Integer> out = new TreeSet<>(asked());
    out.remove(SAME_VERSION);
    return out;
  }

  /** What the roll-back answers. */
  int wentBack() {
    return 0;
  }

  @ParameterizedTest
  @MethodSource("returning")
  void aRollBackBringsBackWhatWas(int ctid) {
    assertThat(rollback.exit()).describedAs("%s", rollback).isEqualTo(wentBack());
    assertThat(lasting(ctid, back)).isEqualTo(lasting(ctid, before));
  }

  /** What a roll-back has to bring back, by its keys. */
  private Map<String, String> lasting(int ctid, Map<Integer, Map<String, String>> answers) {
    Map<String, String> out = new TreeMap<>(answers.get(ctid));
    out.keySet().removeAll(forgotten(ctid));
    return out;
  }

  /** Keys of what a roll-back cannot tell from the template's. */
  Set<String> forgotten(int ctid) {
    return Set.of("install");
  }

  @Test
  void theRollOutMovedWhomItCouldAndSaysSo() {
    assertThat(rollout.exit()).describedAs("%s", rollout).isEqualTo(ExitCode.BEHIND.code());
    for (int ctid : guests.keySet()) {
      boolean stays = List.of(CLASH, HELD_AGAINST_NEEDS, PINNED).contains(ctid);
      assertThat(about(said(rollout), ctid))
          .describedAs("report of %d", ctid)
          .contains(
              stays ? (ctid == PINNED ? "pinned" : "still vulnerable") : "done, generation 1 -> 2");
    }
  }

  @Test
  void nothingIsRestartedByALiveMove() {
    inits.forEach((ctid, init) ->
        assertThat(guest(ctid).init()).describedAs("init of %d", ctid).isEqualTo(init));
    assertThat(said(rollout)).contains("Container 601: done, generation 1 -> 2 (live");
  }

  @Test
  void ownPackagesStayAndTheTemplatesFollow() {
    for (String name : family.own()) {
      assertThat(version(OWN_PACKAGES, name)).describedAs(name).endsWith(" installed");
    }
    assertThat(version(OWN_PACKAGES, family.renewed())).isEqualTo(version(UNTOUCHED));
    assertThat(about(plan, OWN_PACKAGES)).contains("mergeable");
  }

  /** Of the renewed library. */
  String version(int ctid) {
    return version(ctid, family.renewed());
  }

  @Test
  void aPackageUpgradedInsideToTheSameVersionFollows() {
    assertThat(version(SAME_VERSION)).isEqualTo(version(UNTOUCHED));
    assertThat(version(SAME_VERSION, family.follower()))
        .isEqualTo(version(UNTOUCHED, family.follower()));
    assertThat(about(plan, SAME_VERSION)).contains(family.renewed() + ": the container installed");
    assertThat(about(said(status), SAME_VERSION)).doesNotContain("still has");
    assertThat(guest(SAME_VERSION).delta("usr", family.library()))
        .describedAs("its equal copy was dropped")
        .doesNotExist();
  }

  @Test
  void aPackageUpgradedInsideToANewerVersionStays() {
    assertThat(version(NEWER_VERSION)).startsWith(family.newer() + " ");
    assertThat(version(NEWER_VERSION, family.follower()))
        .isEqualTo(version(UNTOUCHED, family.follower()));
    assertThat(about(plan, NEWER_VERSION))
        .contains("stays at the container's own " + family.newer());
    assertThat(about(said(status), NEWER_VERSION)).doesNotContain("still has");
  }

  @Test
  void removedPackagesStayAway() {
    for (String name : family.removed()) {
      assertThat(version(REMOVED, name)).describedAs(name).doesNotEndWith("ok installed");
      assertThat(about(said(behind), REMOVED)).doesNotContain("still has " + name);
    }
    assertThat(version(REMOVED)).isEqualTo(version(UNTOUCHED));
    assertThat(about(plan, REMOVED)).doesNotContain("still has");
  }

  @Test
  void aHeldPackageStaysAndIsNamed() {
    assertThat(version(HELD, family.held()))
        .isEqualTo(then(HELD).get("package " + family.held()))
        .isNotEqualTo(version(UNTOUCHED, family.held()));
    assertThat(version(HELD)).isEqualTo(version(UNTOUCHED));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, HELD)).contains(family.holding());
    }
  }

  @Test
  void aHoldAgainstTheNeedsOfOthersStopsTheMove() {
    assertThat(lasting(HELD_AGAINST_NEEDS, after)).isEqualTo(then(HELD_AGAINST_NEEDS));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, HELD_AGAINST_NEEDS))
          .contains(family.holdingAgainstNeeds())
          .contains(family.outdated().getFirst());
    }
  }

  @Test
  void aClashOfUserNumbersStopsTheMove() {
    assertThat(lasting(CLASH, after)).isEqualTo(then(CLASH));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, CLASH))
          .contains(family.newUser(), "belongs to theirs", "usermod")
          .contains(family.outdated().getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {NEVER_STARTED, MOUNTED})
  void whatDoesNotRunMovesToo(int ctid) {
    assertThat(about(plan, ctid)).contains("clean");
    assertThat(about(said(rollout), ctid)).contains("(stopped");
  }

  @Test
  void aPinnedContainerStaysAndIsNamed() {
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, PINNED))
          .contains(family.outdated().getFirst(), "pinned", "vzpkg unpin 618");
    }
  }

  @Test
  void whoeverIsBehindIsNamedWithEveryPackage() {
    assertThat(behind.exit()).isEqualTo(ExitCode.BEHIND.code());
    assertThat(status.exit()).isEqualTo(ExitCode.BEHIND.code());
    for (int ctid : List.of(UNTOUCHED, NEVER_STARTED, OWN_PACKAGES)) {
      assertThat(about(said(behind), ctid))
          .contains("still has", "vzpkg rollout " + family.template())
          .contains(family.outdated());
    }
    assertThat(about(said(behind), NEWER_VERSION)).doesNotContain(family.outdated().getFirst());
    assertThat(about(said(status), NEVER_STARTED)).doesNotContain("still has");
  }

  /** One after the other in one container, because each ends in nothing having happened. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void whateverIsInTheWayIsNamedAndNotForced() {
    Guest busy = guest(BUSY).started();
    String held = family.place() + "/held";
    busy.sh("systemd-run -q --unit=writer sh -c 'exec 3>>%s; sleep infinity'".formatted(held)).ok();
    Guest.await(
        "the file is open", Duration.ofSeconds(20), () -> busy.sh("test -e " + held).exit() == 0);
    pending("open for writing");
    busy.sh("systemctl stop writer; rm " + held).ok();

    busy.sh(family.slow()).ok();
    Guest.await(
        "the package manager is at work",
        Duration.ofSeconds(20),
        () -> busy.sh("test -e /tmp/begun").exit() == 0);
    pending("package manager is at work");
    busy.sh("echo go >/tmp/go; while systemctl -q is-active slow; do sleep 0.1; done").ok();

    RunningCommand first =
        host.begin(
            "vzpkg",
            "rollout",
            family.template(),
            busy.ctid(),
            "--restart-services",
            "never",
            "--health",
            "while [ ! -e /tmp/well ]; do sleep 0.1; done");
    Guest.await(
        "the exchange was made",
        Duration.ofSeconds(20),
        () -> busy.text("cat " + family.place() + "/file").equals("file 2"));
    assertThat(host.run("vzpkg", "rollout", family.template()).ended(ExitCode.LOCKED).stderr())
        .describedAs("two roll-outs exclude each other")
        .contains("rollout");
    busy.sh("touch /tmp/well").ok();
    assertThat(said(finish(first))).contains("done, generation 1 -> 2 (live");
    assertThat(busy.text("cat " + family.place() + "/file; " + family.slowVersion()))
        .isEqualTo("file 2\n1");
    assertThat(host.run("vzpkg", "report").ok().stdout())
        .contains(family.oldService())
        .doesNotContain("restarted");
  }

  private void pending(String why) {
    CommandResult tried = patiently("vzpkg", "rollout", family.template(), guest(BUSY).ctid());
    assertThat(tried.exit()).describedAs("%s", tried).isEqualTo(ExitCode.BEHIND.code());
    assertThat(said(tried)).contains("pending").containsIgnoringCase(why);
    String place = family.place();
    assertThat(guest(BUSY).text("cat " + place + "/file")).isEqualTo("file 1");
    assertThat(guest(BUSY).text("touch %1$s/t && rm %1$s/t && echo writable".formatted(place)))
        .isEqualTo("writable");
  }
}
