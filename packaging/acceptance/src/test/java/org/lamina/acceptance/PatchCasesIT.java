package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/** What is true of files, accounts, services and processes; see {@link PatchCases}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PatchCasesIT extends PatchCasesPackages {
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

  @ParameterizedTest
  @ValueSource(
      ints = {
        UNTOUCHED,
        OWN_PACKAGES,
        NEWER_VERSION,
        REMOVED,
        HELD,
        CUSTOM_LIVE,
        CUSTOM_STOPPED,
        CLASH,
        SANDBOX,
        HELD_AGAINST_NEEDS
      })
  void aRollBackBringsBackWhatWas(int ctid) {
    assertThat(rollback.exit()).describedAs("%s", rollback).isZero();
    assertThat(back.get(ctid)).isEqualTo(before.get(ctid));
  }

  @Test
  void nothingIsRestartedByALiveMove() {
    inits.forEach((ctid, init) ->
        assertThat(guest(ctid).init()).describedAs("init of %d", ctid).isEqualTo(init));
    assertThat(said(rollout)).contains("Container 601: done, generation 1 -> 2 (live");
  }

  @Test
  void anUntouchedContainerGetsEverything() {
    Map<String, String> seen = now(UNTOUCHED);
    assertThat(seen.get("package case")).startsWith("2 ");
    assertThat(seen.get("package libssl3")).isNotEqualTo(then(UNTOUCHED).get("package libssl3"));
    assertThat(seen.get("package libssl3")).startsWith(seen.get("openssl"));
    assertThat(seen)
        .containsEntry("content file", "file 2")
        .containsEntry("content added", "added 2")
        .doesNotContainKey("content removed")
        .containsEntry("content /etc/case/plain.conf", "plain 2")
        .containsEntry("content /etc/case/edited.conf", "edited 2")
        .containsEntry("content todir/a", "todir 2")
        .containsEntry("tolink", "todir")
        .containsEntry("content hard2", "hard1 2")
        .containsEntry("mode suid", "4755 root root")
        .containsEntry("mode /etc/case", "711 root root")
        .containsEntry("mode /var/lib/case/state", "750 root root")
        .containsEntry("alternative", "/usr/bin/casecmd2")
        .containsEntry("dangling certificates", "0");
    assertThat(seen.get("user casenew")).isNotEmpty();
    assertThat(seen.get("triggers")).contains("case/noawait");
    capabilitiesAreThere(seen);
  }

  private static void capabilitiesAreThere(Map<String, String> seen) {
    String raw = "0100000200200000000000000000000000000000";
    assertThat(seen)
        .containsEntry("capability capable", raw)
        .containsEntry("capability /var/lib/case/capable", raw)
        .containsEntry("attribute attributed", "here")
        .containsEntry("content /var/lib/case/capable", "capable 2");
  }

  @Test
  void aClashOfUserNumbersStopsTheMove() {
    assertThat(now(CLASH)).isEqualTo(then(CLASH));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, CLASH))
          .contains("casenew", "belongs to theirs", "usermod", "libssl3 3.");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {CUSTOM_LIVE, CUSTOM_STOPPED})
  void whatAnAdministratorChangedStays(int ctid) {
    Map<String, String> seen = now(ctid);
    assertThat(seen)
        .containsEntry("content /etc/case/edited.conf", "edited here")
        .containsEntry("content /etc/case/edited.conf.dpkg-dist", "edited 2")
        .containsEntry("content /etc/case/plain.conf", "plain 2")
        .doesNotContainKey("content /etc/case/deleted.conf")
        .doesNotContainKey("content whiteout")
        .doesNotContainKey("content opaque/a")
        .containsEntry("content opaque/new", "opaque/new 2")
        .containsEntry("content opaque/own", "own")
        .containsEntry("content diverted", "own diverted")
        .containsEntry("content diverted.orig", "diverted 2")
        .containsEntry("content override", "override 2")
        .containsEntry("mode override", "2751 own owners")
        .containsEntry("content file", "file 2")
        .containsEntry("content hard1", "hard1 2")
        .containsEntry("content hard2", "hard1 2")
        .containsEntry("content suid", "suid 2")
        .containsEntry("mode suid", "4755 root root")
        .containsEntry("mode /etc/case", "711 root root")
        .containsEntry("mode /var/lib/case/state", "750 root root")
        .containsEntry("alternative", "/usr/bin/casecmd0")
        .containsEntry("user own", "2345:2345")
        .containsEntry("group adm", "own")
        .containsEntry("own library", "1")
        .containsEntry("dangling certificates", "0")
        .containsEntry("data", "data");
    assertThat(seen.get("own certificate")).endsWith("OK");
    assertThat(seen.get("user casenew")).isEqualTo(now(UNTOUCHED).get("user casenew"));
    assertThat(seen.get("alternatives")).contains("casecmd2");
    assertThat(seen.get("triggers")).contains("case/noawait", "own/noawait");
    assertThat(seen.get("package own")).startsWith("7 ");
    capabilitiesAreThere(seen);
    // What dpkg finds changed is what the administrator changed, and nothing else.
    assertThat(seen.get("verify").split("\\|"))
        .allMatch(l -> l.matches(".*(edited.conf|deleted.conf|gone.d.*|opaque/[ab]|whiteout)"));
    for (String text : List.of(plan, said(rollout), said(status))) {
      assertThat(about(text, ctid)).contains("usr/lib/case/gone.d", "--reinstall case");
    }
  }

  /** The template's package was renewed; the container has a language of its own in the archive. */
  @Test
  void aLocaleArchiveMadeInsideIsMadeAnew() {
    assertThat(then(LOCALES).get("locales")).contains("de_DE.utf8", "en_US.utf8");
    assertThat(then(LOCALES)).containsEntry("date en_US", "1").containsEntry("date de_DE", "1");
    assertThat(now(LOCALES).get("locales")).isEqualTo(then(LOCALES).get("locales"));
    assertThat(now(LOCALES)).containsEntry("date en_US", "2").containsEntry("date de_DE", "2");
    assertThat(now(UNTOUCHED)).containsEntry("date en_US", "2").containsEntry("date de_DE", "none");
    assertThat(version(LOCALES, "locales")).isEqualTo("99 install ok installed");
    assertThat(Objects.requireNonNull(back.get(LOCALES)))
        .containsEntry("date en_US", "1")
        .containsEntry("date de_DE", "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {NEVER_STARTED, MOUNTED})
  void whatDoesNotRunMovesToo(int ctid) {
    assertThat(about(plan, ctid)).contains("clean");
    assertThat(about(said(rollout), ctid)).contains("(stopped");
  }

  @Test
  void sandboxesSeeTheNewFilesAndStayRestricted() {
    assertThat(sandboxSaw.lines().toList())
        .containsExactly(
            "new in the sandbox: file 2",
            "the sandbox may not write",
            "old through the open file: file 1");
  }

  @Test
  void processesOnOldCodeAreNamedAndServicesRestarted() {
    assertThat(about(said(rollout), SANDBOX)).contains("old.service", "runs old code in");
    assertThat(about(said(status), SANDBOX))
        .contains("runs old code in dbus-daemon", "vzctl restart 613")
        .doesNotContain("old.service");
  }

  @Test
  void aPinnedContainerStaysAndIsNamed() {
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, PINNED)).contains("libssl3 3.", "pinned", "vzpkg unpin 618");
    }
  }

  @Test
  void whoeverIsBehindIsNamedWithEveryPackage() {
    assertThat(behind.exit()).isEqualTo(ExitCode.BEHIND.code());
    assertThat(status.exit()).isEqualTo(ExitCode.BEHIND.code());
    for (int ctid : List.of(UNTOUCHED, NEVER_STARTED, OWN_PACKAGES)) {
      assertThat(about(said(behind), ctid))
          .contains("still has", "libssl3 3.", "liblzma5 5.4.1", "vzpkg rollout " + NAME);
    }
    assertThat(about(said(behind), REMOVED)).doesNotContain("ca-certificates", "openssl 3");
    assertThat(about(said(behind), NEWER_VERSION)).doesNotContain("libssl3 3");
    assertThat(about(said(status), NEVER_STARTED)).doesNotContain("still has");
  }

  /** Whether a report was written for the move or not: at the next start nobody writes one. */
  @Test
  @Order(Integer.MAX_VALUE - 2)
  void whatStaysOldIsNamedForEverAndOnlyAsLongAsItIs() {
    Guest held = guest(HELD).started();
    patiently("vzpkg", "rollout", NAME, held.ctid(), "--next-start").ended(ExitCode.BEHIND);
    held.vzctl("restart", "--wait").ok();
    assertThat(held.conf("LAMINA_GENERATION")).isEqualTo("2");
    assertThat(about(said(host.run("vzpkg", "status", NAME)), HELD))
        .contains("still has liblzma5 5.4.1");
    patiently("vzpkg", "rollout", NAME, held.ctid());
    assertThat(about(said(host.run("vzpkg", "status", NAME)), HELD))
        .contains("still has liblzma5 5.4.1");
    held.sh(
            """
            cd /tmp
            apt-mark unhold liblzma5
            v=$(dpkg-query -W -f '${Version}' liblzma5)
            mkdir -p n/DEBIAN n/usr/lib/x86_64-linux-gnu
            printf 'Package: liblzma5\\nVersion: 9%s\\nArchitecture: amd64\\n' "$v" >n/DEBIAN/control
            printf 'Multi-Arch: same\\nMaintainer: N <n@localhost>\\nDescription: x\\n' >>n/DEBIAN/control
            cp -a /usr/lib/x86_64-linux-gnu/liblzma.so.5* n/usr/lib/x86_64-linux-gnu
            dpkg-deb -b n n.deb && dpkg -i n.deb
            """)
        .ok();
    assertThat(about(said(host.run("vzpkg", "status", NAME)), HELD)).doesNotContain("still has");
  }

  /** One after the other in one container, because each ends in nothing having happened. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void whateverIsInTheWayIsNamedAndNotForced() {
    Guest busy = guest(BUSY).started();
    busy.sh("systemd-run -q --unit=writer sh -c 'exec 3>>/usr/lib/case/held; sleep infinity'").ok();
    Guest.await(
        "the file is open",
        Duration.ofSeconds(20),
        () -> busy.sh("test -e /usr/lib/case/held").exit() == 0);
    pending("open for writing");
    busy.sh("systemctl stop writer; rm /usr/lib/case/held").ok();

    busy.sh(
            """
            mkdir -p /tmp/s/DEBIAN
            printf 'Package: slow\\nVersion: 1\\nArchitecture: all\\nMaintainer: N <n@localhost>\\n' \
              >/tmp/s/DEBIAN/control
            echo 'Description: waits' >>/tmp/s/DEBIAN/control
            mkfifo /tmp/go
            printf '#!/bin/sh\\ntouch /tmp/begun; read x </tmp/go\\n' >/tmp/s/DEBIAN/preinst
            chmod 755 /tmp/s/DEBIAN/preinst
            dpkg-deb -b /tmp/s /tmp/slow.deb
            systemd-run -q --unit=slow dpkg -i /tmp/slow.deb
            """)
        .ok();
    Guest.await(
        "dpkg is at work", Duration.ofSeconds(20), () -> busy.sh("test -e /tmp/begun").exit() == 0);
    pending("package manager is at work");
    busy.sh("echo go >/tmp/go; while systemctl -q is-active slow; do sleep 0.1; done").ok();

    RunningCommand first =
        host.begin(
            "vzpkg",
            "rollout",
            NAME,
            busy.ctid(),
            "--restart-services",
            "never",
            "--health",
            "while [ ! -e /tmp/well ]; do sleep 0.1; done");
    Guest.await(
        "the exchange was made",
        Duration.ofSeconds(20),
        () -> busy.text("cat /usr/lib/case/file").equals("file 2"));
    assertThat(host.run("vzpkg", "rollout", NAME).ended(ExitCode.LOCKED).stderr())
        .describedAs("two roll-outs exclude each other")
        .contains("rollout");
    busy.sh("touch /tmp/well").ok();
    assertThat(said(finish(first))).contains("done, generation 1 -> 2 (live");
    assertThat(busy.text("cat /usr/lib/case/file; dpkg-query -W -f '${Version}' slow"))
        .isEqualTo("file 2\n1");
    assertThat(host.run("vzpkg", "report").ok().stdout())
        .contains("cron.service")
        .doesNotContain("restarted");
  }

  private void pending(String why) {
    CommandResult tried = patiently("vzpkg", "rollout", NAME, guest(BUSY).ctid());
    assertThat(tried.exit()).describedAs("%s", tried).isEqualTo(ExitCode.BEHIND.code());
    assertThat(said(tried)).contains("pending").containsIgnoringCase(why);
    assertThat(guest(BUSY).text("cat /usr/lib/case/file")).isEqualTo("file 1");
    assertThat(guest(BUSY).text("touch /usr/lib/case/t && rm /usr/lib/case/t && echo writable"))
        .isEqualTo("writable");
  }

  /** The whole of vzpkg patch, and what a C library that everything runs on comes to. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aNewLibcReachesInitAndServicesAndNothingElseIsRestarted() throws IOException {
    Guest busy = guest(BUSY);
    busy.sh("systemd-run -q --unit=job sleep infinity").ok();
    busy.sh("setsid su -l root -c 'sleep 1000' >/dev/null 2>&1 </dev/null &").ok();
    Guest.await(
        "somebody is logged in",
        Duration.ofSeconds(20),
        () -> !busy.text("loginctl --no-legend list-sessions").isEmpty());
    String before = busy.text(LEFT_ALONE);
    int init = busy.init();
    Path script = host.configDir().resolve("libc.sh");
    Files.writeString(script, resource("libc.sh"));

    CommandResult patch =
        patiently("vzpkg", "patch", NAME, "--run", script.toString(), "--yes", busy.ctid());
    assertThat(about(said(patch), BUSY))
        .describedAs("%s", patch)
        .contains("done, generation 2 -> 3 (live", "re-executed init.scope")
        .contains("systemd-logind.service", "systemd-journald.service", "console-getty.service")
        .contains("left to end by itself", "job.service");
    assertThat(said(patch)).contains("Generation 3 of template " + NAME + " was built");
    assertThat(busy.init()).describedAs("init is the same process").isEqualTo(init);
    assertThat(busy.text(LEFT_ALONE)).isEqualTo(before);
    assertThat(busy.text("systemctl is-system-running")).isEqualTo("running");

    String old = about(said(host.run("vzpkg", "status", NAME)), BUSY);
    assertThat(old).contains("runs old code in dbus-daemon", "vzctl restart " + BUSY);
    assertThat(old).contains("runs old code in sleep", "loginctl terminate-session");
    assertThat(old).doesNotContain("old code in systemd", "old code in agetty", "old code in cron");
    busy.vzctl("restart", "--wait").ok();
    assertThat(about(said(host.run("vzpkg", "status", NAME)), BUSY)).doesNotContain("old code");
  }

  private static final String LEFT_ALONE =
      "systemctl show -p MainPID --value job dbus; loginctl --no-legend list-sessions";

  @Test
  @Order(Integer.MAX_VALUE)
  void pinsAreToldToScriptsToo() {
    String ctid = Integer.toString(PINNED);
    assertThat(host.run("vzpkg", "unpin", ctid, "-j").ok().stdout())
        .containsIgnoringWhitespaces("[{\"ctid\":618,\"pinned\":false}]");
    assertThat(guest(PINNED).conf("LAMINA_PINNED")).isNotEqualTo("yes");
    patiently("vzpkg", "rollout", NAME, "--to", "2", ctid).ok();
    assertThat(guest(PINNED).conf("LAMINA_GENERATION")).isEqualTo("2");
    assertThat(host.run("vzpkg", "pin", ctid, "-j").ok().stdout())
        .containsIgnoringWhitespaces("\"pinned\":true");
    patiently("vzpkg", "rollout", NAME, "--to", "1", ctid).ended(ExitCode.BEHIND);
    assertThat(guest(PINNED).conf("LAMINA_GENERATION")).isEqualTo("2");
  }
}
