package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.lamina.schema.ExitCode;

/**
 * A template of a host's own, whose generations cost seconds: each changes a file below {@code
 * /usr} and one in {@code /etc}, upgrades a small package and makes a system user. Containers on it
 * get a user, a package and data of their own, so that databases have to be merged.
 */
record PatchedTemplate(LaminaHost host, QuickFamily family) {
  private static final String UPDATE =
      """
      set -e
      n=NUMBER
      useradd --system --no-create-home patched$n
      echo "plain $n" >/etc/patched.plain
      echo "only $n" >/usr/share/only-in-$n
      rm -f /usr/share/only-in-$((n - 1))
      """;

  private static final String OWN =
      """
      set -e
      useradd --uid 2345 --no-create-home own
      echo data >/srv/data
      sync -f /srv/data
      """;

  private static final String LOOK =
      """
      cat /usr/lib/patched/library /etc/patched/main.conf /etc/patched.plain
      grep -o '^patched[0-9]*' /etc/passwd /etc/shadow /etc/group | sort
      grep -o '^own:x:2345' /etc/passwd
      cat /usr/share/own/file /srv/data
      (cd /usr/share && echo only-in-*)
      """;

  /** Debian's, as {@link #start(QuickFamily, Map)}. */
  static PatchedTemplate start(Map<String, String> settings) {
    return start(new QuickDebian(), settings);
  }

  /** A host whose template is a copy of the one that other tests build, with one generation. */
  static PatchedTemplate start(QuickFamily family, Map<String, String> settings) {
    try {
      Path shared = LaminaHost.sharedTemplates().resolve(family.template());
      if (!Files.isDirectory(shared)) {
        try (LaminaHost builder = LaminaHost.start()) {
          family.build(builder);
        }
      }
      LaminaHost host = LaminaHost.start(settings);
      Path own = host.stateDir().resolve("template").resolve(family.template());
      Files.createDirectories(own);
      // Generations never change, so their files can be the same ones on the same disk.
      String copy = Files.getFileStore(own).equals(Files.getFileStore(shared)) ? "-al" : "-a";
      RunningCommand.start(
              List.of("cp", copy, shared.resolve("0").toString(), own.toString()), Map.of())
          .finish(Duration.ofMinutes(2))
          .ok();
      return new PatchedTemplate(host, family);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return family.template();
  }

  /** Begins to build the generation with this number, which must be the next one. */
  RunningCommand beginUpdate(int number, String... more) {
    return host.begin("vzpkg", "update", "cache", name(), "--run", script(number, more));
  }

  /**
   * @param more lines of shell that the update runs beside its own
   */
  void update(int number, String... more) {
    assertThat(beginUpdate(number, more).finish(Duration.ofMinutes(2)).ok().text())
        .contains("Generation " + number + " of template " + name() + " was built");
  }

  private String script(int number, String... more) {
    try {
      Path file = host.configDir().resolve("update-" + number + ".sh");
      Files.writeString(
          file,
          UPDATE.replace("NUMBER", Integer.toString(number))
              + family.patched(number)
              + String.join("\n", more));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A container with a user, a package and data of its own. */
  Guest container(int ctid) {
    Guest guest = Guest.create(host, ctid, name());
    runScript(guest, OWN + family.own()).ok();
    return guest;
  }

  private CommandResult runScript(Guest guest, String text) {
    try {
      Path file = Files.createTempFile(host.configDir(), "script", ".sh");
      Files.writeString(file, text);
      return guest.vzctl("runscript", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the container is in all its parts on this generation, with what is its own. */
  void check(Guest guest, int generation, String when) {
    StringBuilder expected = new StringBuilder();
    expected.append("library %1$d%nconf %1$d%nplain %1$d%n".formatted(generation));
    for (String table : List.of("group", "passwd", "shadow")) {
      for (int n = 1; n <= generation; n++) {
        expected.append("/etc/%s:patched%d%n".formatted(table, n));
      }
    }
    expected.append("own:x:2345\nmine\ndata\nonly-in-%d%n".formatted(generation));
    expected.append("own 7 installed\npatched 1.%d installed".formatted(generation));
    CommandResult seen = runScript(guest, LOOK + family.query() + family.audit());
    assertThat(seen.stdout().strip())
        .describedAs(
            "container %s %s; stderr: %s; the log:%n%s",
            guest.ctid(), when, seen.stderr(), host.logTail())
        .isEqualTo(expected.toString());
  }

  /** The generation that the daemon has written down for a container. */
  int generation(Guest guest) {
    return Integer.parseInt(guest.conf("LAMINA_GENERATION"));
  }

  /** Waits until no roll-out is under way. */
  void awaitRuns(String when) {
    Guest.await(
        "the roll-out ends " + when,
        Duration.ofSeconds(60),
        () -> {
          CommandResult report = host.run("vzpkg", "report");
          return report.exit() == ExitCode.BAD_PARAMETER.code()
              || !report.stdout().lines().findFirst().orElse("").contains("), running");
        });
  }
}
