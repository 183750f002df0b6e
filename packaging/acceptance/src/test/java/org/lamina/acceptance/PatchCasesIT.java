package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/**
 * Debian's family: the contract, and what is true of diversions, triggers, locales, certificates,
 * services and processes.
 */
class PatchCasesIT extends PatchContract {
  static final int SANDBOX = 613;
  static final int LOCALES = 620;

  private static final String NAME = "debian-12-released";

  private String sandboxSaw = "";
  private String sandboxRan = "";

  PatchCasesIT() {
    super(new DebianPatches());
  }

  @Override
  void prepared() {
    guest(SANDBOX).sh("systemctl start box reader old").ok();
    sandboxRan = guest(SANDBOX).text(SANDBOX_PROCESSES);
  }

  @Override
  void moved() {
    sandboxSaw = guest(SANDBOX).text(SANDBOX_LOOK);
    assertThat(guest(SANDBOX).text(SANDBOX_PROCESSES)).isEqualTo(sandboxRan);
  }

  private static final String SANDBOX_PROCESSES = "systemctl show -p MainPID --value box reader";

  private static final String SANDBOX_LOOK =
      """
      box=$(systemctl show -p MainPID --value box)
      reader=$(systemctl show -p MainPID --value reader)
      echo "new in the sandbox: $(cat /proc/$box/root/usr/lib/case/file)"
      sh -c "echo x >/proc/$box/root/usr/lib/case/x" 2>/dev/null || echo the sandbox may not write
      echo "old through the open file: $(cat /proc/$reader/fd/3)"
      """;

  @Test
  void servicesOfOwnPackagesGoOn() {
    assertThat(now(OWN_PACKAGES)).containsEntry("game", "there");
    assertThat(guest(OWN_PACKAGES).text("systemctl is-active nginx")).isEqualTo("active");
    assertThat(about(said(rollout), OWN_PACKAGES)).contains("nginx.service");
    assertThat(now(SAME_VERSION).get("openssl")).isEqualTo(now(UNTOUCHED).get("openssl"));
  }

  @Test
  void purgedAndRemovedAreToldApart() {
    assertThat(version(REMOVED, "ca-certificates")).isEqualTo("none");
    assertThat(version(REMOVED, "openssl")).contains("deinstall ok");
    assertThat(now(REMOVED)).containsEntry("certificates", "0");
    assertThat(version(HELD, "liblzma5")).contains("hold ok installed");
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
    Files.writeString(script, resource("debian/libc.sh"));

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
