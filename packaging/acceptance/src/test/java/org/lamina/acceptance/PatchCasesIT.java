package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/**
 * Debian 12 as released, moved to its real updates and to the second version of a package that has
 * a file for every case, and back. Each container stands for one thing that administrators do; what
 * is true in it is asked inside, before, after and after going back.
 *
 * <p>All containers are moved by one roll-out and one roll-back, because boots cost most.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PatchCasesIT {
  private static final String NAME = "debian-12-released";
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final String DEFINITION =
      """
      {"summary": "Debian 12 as released", "family": "debian", "release": "bookworm",
       "suites": ["bookworm"], "updateSuites": ["bookworm-updates", "bookworm-security"],
       "components": ["main"], "variant": "minbase", "init": "systemd",
       "packages": ["apt", "ca-certificates", "cron", "dbus", "iproute2", "libpam-systemd", "procps", "perl",
         "systemd", "systemd-sysv", "tzdata"],
       "swappableTrees": ["usr"]}
      """;

  private static final int UNTOUCHED = 601;
  private static final int OWN_PACKAGES = 602;
  private static final int SAME_VERSION = 603;
  private static final int NEWER_VERSION = 604;
  private static final int REMOVED = 605;
  private static final int HELD = 606;
  private static final int CUSTOM_LIVE = 607;
  private static final int CUSTOM_STOPPED = 617;
  private static final int CLASH = 608;
  private static final int NEVER_STARTED = 609;
  private static final int MOUNTED = 610;
  private static final int SANDBOX = 613;
  private static final int HELD_AGAINST_NEEDS = 616;
  private static final int PINNED = 618;
  private static final int BUSY = 619;

  private static final List<Integer> RUNNING =
      List.of(UNTOUCHED, OWN_PACKAGES, NEWER_VERSION, REMOVED, CUSTOM_LIVE, SANDBOX);

  private LaminaHost host;
  private final Map<Integer, Guest> guests = new TreeMap<>();
  private final Map<Integer, Integer> inits = new HashMap<>();
  private final Map<Integer, Map<String, String>> before = new HashMap<>();
  private final Map<Integer, Map<String, String>> after = new HashMap<>();
  private final Map<Integer, Map<String, String>> back = new HashMap<>();
  private String plan = "";
  private CommandResult behind;
  private CommandResult rollout;
  private CommandResult status;
  private String sandboxSaw = "";
  private String sandboxRan = "";
  private CommandResult rollback;

  @BeforeAll
  void moveEverybodyForthAndBack() throws IOException {
    host = LaminaHost.start(TemplateRemains.OWN_TEMPLATES);
    Path definitions = Files.createDirectories(host.configDir().resolve("templates.d"));
    Files.writeString(definitions.resolve(NAME + ".json"), DEFINITION);
    patiently("vzpkg", "create", "cache", NAME).ok();
    update("first.sh");
    prepare();
    RUNNING.forEach(ctid -> inits.put(ctid, guest(ctid).init()));
    ask(before);
    update("second.sh");

    plan = host.run("vzpkg", "plan", NAME).ok().stdout();
    behind = host.run("vzpkg", "status", NAME);
    rollout = patiently("vzpkg", "rollout", NAME);
    sandboxSaw = guest(SANDBOX).text(SANDBOX_LOOK);
    assertThat(guest(SANDBOX).text(SANDBOX_PROCESSES)).isEqualTo(sandboxRan);
    status = host.run("vzpkg", "status", NAME);
    ask(after);

    rollback = patiently("vzpkg", "rollback", NAME, "--to", "1");
    ask(back);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private CommandResult patiently(String program, String... arguments) {
    return host.run(new byte[0], LONG, program, arguments);
  }

  private void update(String script) throws IOException {
    Path file = host.configDir().resolve(script);
    Files.writeString(file, resource(script));
    patiently("vzpkg", "update", "cache", NAME, "--run", file.toString()).ok();
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(PatchCasesIT.class.getResourceAsStream("/patch/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Guest guest(int ctid) {
    return Objects.requireNonNull(guests.get(ctid));
  }

  /** What each administrator did. */
  private void prepare() {
    Map<Integer, String> what = new LinkedHashMap<>();
    what.put(UNTOUCHED, "");
    what.put(
        OWN_PACKAGES, "cd /srv/debs; dpkg -i nginx*.deb lib[!s]*.deb sl_*.deb >/dev/null 2>&1");
    what.put(SAME_VERSION, "dpkg -i /srv/debs/libssl3_*.deb >/dev/null");
    what.put(
        NEWER_VERSION,
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
        REMOVED, "dpkg --purge ca-certificates >/dev/null 2>&1; dpkg -r openssl >/dev/null 2>&1");
    what.put(HELD, "apt-mark hold liblzma5 >/dev/null");
    what.put(CUSTOM_LIVE, resource("custom.sh"));
    what.put(CUSTOM_STOPPED, resource("custom.sh"));
    what.put(CLASH, "useradd --system --no-create-home theirs");
    what.put(NEVER_STARTED, "");
    what.put(MOUNTED, "");
    what.put(SANDBOX, resource("sandbox.sh"));
    what.put(HELD_AGAINST_NEEDS, "apt-mark hold perl-base >/dev/null");
    what.put(PINNED, "");
    what.put(BUSY, "");
    what.forEach((ctid, code) -> {
      host.run("vzctl", "create", ctid.toString(), "--ostemplate", NAME).ok();
      guests.put(ctid, new Guest(host, ctid.toString()));
      if (!code.isEmpty()) {
        script(ctid, "set -e\n" + code).ok();
      }
    });
    RUNNING.forEach(ctid -> guest(ctid).started());
    guest(SANDBOX).sh("systemctl start box reader old").ok();
    sandboxRan = guest(SANDBOX).text(SANDBOX_PROCESSES);
    guest(MOUNTED).vzctl("mount").ok();
    host.run("vzpkg", "pin", Integer.toString(PINNED)).ok();
  }

  private CommandResult script(int ctid, String text) {
    return finish(begin(ctid, text));
  }

  private RunningCommand begin(int ctid, String text) {
    try {
      Path file = Files.createTempFile(host.configDir(), "script", ".sh");
      Files.writeString(file, text);
      return guest(ctid).begin("runscript", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CommandResult finish(RunningCommand command) {
    return command.finish(LONG);
  }

  /** Two at a time, as many as the machine has processors. */
  private void ask(Map<Integer, Map<String, String>> answers) {
    List<Integer> all =
        guests.keySet().stream()
            .filter(c -> c != NEVER_STARTED && c != MOUNTED && c != PINNED && c != BUSY)
            .toList();
    for (int i = 0; i < all.size(); i += 2) {
      List<Integer> two = all.subList(i, Math.min(i + 2, all.size()));
      Map<Integer, RunningCommand> asked = new LinkedHashMap<>();
      two.forEach(ctid -> asked.put(ctid, begin(ctid, resource("facts.sh"))));
      asked.forEach((ctid, command) -> answers.put(ctid, facts(finish(command).ok())));
    }
  }

  private static Map<String, String> facts(CommandResult result) {
    Map<String, String> out = new TreeMap<>();
    for (String line : result.stdout().split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        out.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return out;
  }

  private Map<String, String> now(int ctid) {
    return Objects.requireNonNull(after.get(ctid));
  }

  private Map<String, String> then(int ctid) {
    return Objects.requireNonNull(before.get(ctid));
  }

  private String version(int ctid, String name) {
    return now(ctid).getOrDefault("package " + name, "none");
  }

  private static String said(CommandResult result) {
    return result.stdout() + "\n" + result.stderr();
  }

  /** Lines of a command's output about one container. */
  private static String about(String output, int ctid) {
    List<String> lines = new ArrayList<>();
    for (String line : output.split("\n")) {
      if (line.matches("(Warning: )?[Cc]ontainer " + ctid + "[ :].*|" + ctid + " .*")) {
        lines.add(line);
      }
    }
    return String.join("\n", lines);
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

  private String report() {
    return host.run("vzpkg", "report", "1").ok().stdout();
  }

  @Test
  void aHoldAgainstTheNeedsOfOthersStopsTheMove() {
    assertThat(now(HELD_AGAINST_NEEDS)).isEqualTo(then(HELD_AGAINST_NEEDS));
    for (String text : List.of(plan, said(rollout), said(status), report())) {
      assertThat(about(text, HELD_AGAINST_NEEDS))
          .contains("perl-base is on hold", "apt-mark unhold perl-base", "libssl3 3.");
    }
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
  @Order(Integer.MAX_VALUE - 1)
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
  @Order(Integer.MAX_VALUE)
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
}
