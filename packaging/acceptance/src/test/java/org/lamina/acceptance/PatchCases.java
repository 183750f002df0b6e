package org.lamina.acceptance;

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
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * A template as its distribution released it, moved to its updates and to a package that has a file
 * for every case, and back. Each container stands for one thing that administrators do; what is
 * true in it is asked inside, before, after and after going back.
 *
 * <p>All containers are moved by one roll-out and one roll-back, because boots cost most.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PatchCases {
  static final Duration LONG = Duration.ofMinutes(5);

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
  static final int HELD_AGAINST_NEEDS = 616;
  static final int PINNED = 618;
  static final int BUSY = 619;

  final PatchedFamily family;
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
  CommandResult rollback;

  PatchCases(PatchedFamily family) {
    this.family = family;
  }

  @BeforeAll
  void moveEverybodyForthAndBack() {
    host = LaminaHost.start(TemplateRemains.OWN_TEMPLATES);
    family.build(host);
    prepare();
    family.running().forEach(ctid -> inits.put(ctid, guest(ctid).init()));
    ask(before, "");
    family.update(host);

    plan = host.run("vzpkg", "plan", family.template()).ok().stdout();
    behind = host.run("vzpkg", "status", family.template());
    rollout = patiently("vzpkg", "rollout", family.template());
    moved();
    status = host.run("vzpkg", "status", family.template());
    ask(after, family.later());

    rollback = patiently("vzpkg", "rollback", family.template(), "--to", "1");
    ask(back, family.later());
  }

  /** Called when every container is there. */
  void prepared() {}

  /** Called right after the roll-out. */
  void moved() {}

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  CommandResult patiently(String program, String... arguments) {
    return host.run(new byte[0], LONG, program, arguments);
  }

  /** Makes the next generation by a script. */
  static void update(LaminaHost host, String template, String script) {
    try {
      Path file = Files.writeString(host.configDir().resolve("update.sh"), script);
      host.run(new byte[0], LONG, "vzpkg", "update", "cache", template, "--run", file.toString())
          .ok();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private void prepare() {
    family
        .deeds()
        .forEach((ctid, code) -> {
          String id = ctid.toString();
          host.run("vzctl", "create", id, "--ostemplate", family.template()).ok();
          guests.put(ctid, new Guest(host, id));
        });
    twoAtATime(
        family.deeds().entrySet().stream().filter(e -> !e.getValue().isEmpty()).toList(),
        e -> begin(e.getKey(), "set -e\n" + e.getValue()),
        (e, command) -> finish(command).ok());
    family.running().forEach(ctid -> guest(ctid).started());
    prepared();
    guest(MOUNTED).vzctl("mount").ok();
    host.run("vzpkg", "pin", Integer.toString(PINNED)).ok();
  }

  /** As many as the machine has processors. */
  private static <T> void twoAtATime(
      List<T> all, Function<T, RunningCommand> begin, BiConsumer<T, RunningCommand> end) {
    for (int i = 0; i < all.size(); i += 2) {
      Map<T, RunningCommand> begun = new LinkedHashMap<>();
      all.subList(i, Math.min(i + 2, all.size())).forEach(t -> begun.put(t, begin.apply(t)));
      begun.forEach(end);
    }
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

  private void ask(Map<Integer, Map<String, String>> answers, String more) {
    String questions = family.facts() + more + SYSTEM;
    twoAtATime(
        guests.keySet().stream()
            .filter(c -> c != NEVER_STARTED && c != MOUNTED && c != PINNED && c != BUSY)
            .toList(),
        ctid -> begin(ctid, questions),
        (ctid, command) -> answers.put(ctid, facts(finish(command).ok())));
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

  private static final String SYSTEM =
      """
      command -v systemctl >/dev/null && [ -d /run/systemd/system ] &&
        echo "system: $(systemctl is-system-running)"
      exit 0
      """;
}
