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
import org.junit.jupiter.api.TestInstance;

/**
 * Debian 12 as released, moved to its real updates and to the second version of a package that has
 * a file for every case, and back. Each container stands for one thing that administrators do; what
 * is true in it is asked inside, before, after and after going back.
 *
 * <p>All containers are moved by one roll-out and one roll-back, because boots cost most.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PatchCases {
  static final String NAME = "debian-12-released";
  static final Duration LONG = Duration.ofMinutes(5);

  static final String DEFINITION =
      """
      {"summary": "Debian 12 as released", "family": "debian", "release": "bookworm",
       "suites": ["bookworm"], "updateSuites": ["bookworm-updates", "bookworm-security"],
       "components": ["main"], "variant": "minbase", "init": "systemd",
       "packages": ["apt", "ca-certificates", "cron", "dbus", "iproute2", "libpam-systemd", "procps", "perl",
         "systemd", "systemd-sysv", "tzdata"],
       "swappableTrees": ["usr"]}
      """;

  static final int UNTOUCHED = 601;
  static final int OWN_PACKAGES = 602;
  static final int SAME_VERSION = 603;
  static final int NEWER_VERSION = 604;
  static final int REMOVED = 605;
  static final int HELD = 606;
  static final int CUSTOM_LIVE = 607;
  static final int CUSTOM_STOPPED = 617;
  static final int CLASH = 608;
  static final int NEVER_STARTED = 609;
  static final int MOUNTED = 610;
  static final int SANDBOX = 613;
  static final int HELD_AGAINST_NEEDS = 616;
  static final int PINNED = 618;
  static final int BUSY = 619;
  static final int LOCALES = 620;

  static final List<Integer> RUNNING =
      List.of(UNTOUCHED, OWN_PACKAGES, NEWER_VERSION, REMOVED, CUSTOM_LIVE, SANDBOX, LOCALES);

  LaminaHost host;
  final Map<Integer, Guest> guests = new TreeMap<>();
  final Map<Integer, Integer> inits = new HashMap<>();
  final Map<Integer, Map<String, String>> before = new HashMap<>();
  final Map<Integer, Map<String, String>> after = new HashMap<>();
  final Map<Integer, Map<String, String>> back = new HashMap<>();
  String plan = "";
  CommandResult behind;
  CommandResult rollout;
  CommandResult status;
  String sandboxSaw = "";
  String sandboxRan = "";
  CommandResult rollback;

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

  CommandResult patiently(String program, String... arguments) {
    return host.run(new byte[0], LONG, program, arguments);
  }

  void update(String script) throws IOException {
    Path file = host.configDir().resolve(script);
    Files.writeString(file, resource(script));
    patiently("vzpkg", "update", "cache", NAME, "--run", file.toString()).ok();
  }

  static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(PatchCases.class.getResourceAsStream("/patch/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Guest guest(int ctid) {
    return Objects.requireNonNull(guests.get(ctid));
  }

  /** What each administrator did. */
  void prepare() {
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
    what.put(LOCALES, "echo 'de_DE.UTF-8 UTF-8' >>/etc/locale.gen; locale-gen >/dev/null 2>&1");
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

  CommandResult script(int ctid, String text) {
    return finish(begin(ctid, text));
  }

  RunningCommand begin(int ctid, String text) {
    try {
      Path file = Files.createTempFile(host.configDir(), "script", ".sh");
      Files.writeString(file, text);
      return guest(ctid).begin("runscript", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CommandResult finish(RunningCommand command) {
    return command.finish(LONG);
  }

  /** Two at a time, as many as the machine has processors. */
  void ask(Map<Integer, Map<String, String>> answers) {
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

  static Map<String, String> facts(CommandResult result) {
    Map<String, String> out = new TreeMap<>();
    for (String line : result.stdout().split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        out.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return out;
  }

  Map<String, String> now(int ctid) {
    return Objects.requireNonNull(after.get(ctid));
  }

  Map<String, String> then(int ctid) {
    return Objects.requireNonNull(before.get(ctid));
  }

  String version(int ctid, String name) {
    return now(ctid).getOrDefault("package " + name, "none");
  }

  static String said(CommandResult result) {
    return result.stdout() + "\n" + result.stderr();
  }

  /** Lines of a command's output about one container. */
  static String about(String output, int ctid) {
    List<String> lines = new ArrayList<>();
    for (String line : output.split("\n")) {
      if (line.matches("(Warning: )?[Cc]ontainer " + ctid + "[ :].*|" + ctid + " .*")) {
        lines.add(line);
      }
    }
    return String.join("\n", lines);
  }

  String report() {
    return host.run("vzpkg", "report", "1").ok().stdout();
  }

  static final String SANDBOX_PROCESSES = "systemctl show -p MainPID --value box reader";

  static final String SANDBOX_LOOK =
      """
      box=$(systemctl show -p MainPID --value box)
      reader=$(systemctl show -p MainPID --value reader)
      echo "new in the sandbox: $(cat /proc/$box/root/usr/lib/case/file)"
      sh -c "echo x >/proc/$box/root/usr/lib/case/x" 2>/dev/null || echo the sandbox may not write
      echo "old through the open file: $(cat /proc/$reader/fd/3)"
      """;
}
