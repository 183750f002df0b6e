package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/** What an operator, a script or an enemy may type: told what is wrong, and nothing is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  private static final String TEMPLATE = "debian-12-sysvinit";
  private static final Duration SOON = Duration.ofSeconds(30);

  private LaminaHost host;
  private String before = "";

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    Guest.create(host, 701, TEMPLATE, "--name", "first", "--description", "stays");
    before = everything();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @AfterEach
  void nothingIsLost() {
    assertThat(everything()).isEqualTo(before);
    Leaks.none(host, "after bad input");
  }

  private String everything() {
    return host.run("vzlist", "-a", "-j").ok().stdout();
  }

  /** Command line, exit code, and what the message has to name. */
  @SuppressWarnings("ArrayRecordComponent") // only ever passed on; cases are never compared
  record Case(ExitCode code, String says, String... words) {
    @Override
    public String toString() {
      String text = String.join(" ", words);
      return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
  }

  static Stream<Case> unknownContainers() {
    List<Case> cases = new ArrayList<>();
    for (String command :
        List.of("start", "stop", "restart", "destroy", "mount", "umount", "enter", "unregister")) {
      cases.add(new Case(ExitCode.NO_CONTAINER_CONFIG, "799", command, "799"));
      cases.add(new Case(ExitCode.BAD_PARAMETER, "nobody", command, "nobody"));
      cases.add(new Case(ExitCode.BAD_PARAMETER, "no CTID", command));
      cases.add(new Case(ExitCode.USAGE, "extra", command, "701", "extra"));
    }
    cases.add(new Case(ExitCode.NO_CONTAINER_CONFIG, "799", "set", "799", "--ram", "1G", "--save"));
    cases.add(new Case(ExitCode.NO_CONTAINER_CONFIG, "799", "exec2", "799", "true"));
    cases.add(new Case(ExitCode.NOT_RUNNING, "vzctl start 701", "exec2", "701", "true"));
    cases.add(new Case(ExitCode.NOT_RUNNING, "vzctl start 701", "enter", "701"));
    return cases.stream();
  }

  static Stream<Case> create() {
    String[] template = {"--ostemplate", TEMPLATE};
    return Stream.of(
            new Case(ExitCode.PRIVATE_EXISTS, "701", "701"),
            new Case(
                ExitCode.NAME_FAILED, "first is in use by container 701", "702", "--name", "first"),
            new Case(ExitCode.BAD_PARAMETER, "0 to 100 are reserved", "0"),
            new Case(ExitCode.BAD_PARAMETER, "0 to 100 are reserved", "1"),
            new Case(ExitCode.BAD_PARAMETER, "0 to 100 are reserved", "100"),
            new Case(ExitCode.BAD_PARAMETER, "2147483645", "2147483645"),
            new Case(ExitCode.BAD_PARAMETER, "99999999999999999999", "99999999999999999999"),
            new Case(ExitCode.BAD_PARAMETER, "1e3", "1e3"),
            new Case(ExitCode.BAD_PARAMETER, "0x2BE", "0x2BE"),
            new Case(ExitCode.BAD_PARAMETER, "-5", "-5"),
            new Case(ExitCode.BAD_PARAMETER, "../x", "../x"),
            new Case(ExitCode.BAD_PARAMETER, "Bad CT ID", "703\n704"),
            new Case(ExitCode.BAD_PARAMETER, "Bad CT ID", "\u0667\u0660\u0665"),
            new Case(ExitCode.BAD_PARAMETER, "no CTID"),
            new Case(ExitCode.BAD_HOSTNAME, "..", "702", "--hostname", "../x"),
            new Case(ExitCode.BAD_HOSTNAME, "a b", "702", "--hostname", "a b"),
            new Case(ExitCode.BAD_HOSTNAME, "-x", "702", "--hostname", "-x"),
            new Case(ExitCode.BAD_HOSTNAME, "%s", "702", "--hostname", "%s%n"),
            new Case(ExitCode.BAD_HOSTNAME, "64", "702", "--hostname", "h".repeat(65)),
            new Case(ExitCode.BAD_HOSTNAME, "xn--", "702", "--hostname", "m\u00fcller"),
            new Case(ExitCode.BAD_PARAMETER, "control", "702", "--description", "a\u001b[2Jb"),
            new Case(ExitCode.BAD_PARAMETER, "1024", "702", "--description", "d".repeat(10_240)),
            new Case(ExitCode.SAMPLE_MISSING, "nosuch", "702", "--config", "nosuch"),
            new Case(ExitCode.SAMPLE_MISSING, "../x", "702", "--config", "../x"),
            new Case(ExitCode.BAD_PARAMETER, "given twice", "702", "--name", "a", "--name", "b"))
        .map(c -> new Case(c.code(), c.says(), words("create", c.words(), template)));
  }

  static Stream<Case> templatesAndSpelling() {
    return Stream.of(
        new Case(
            ExitCode.TEMPLATE_NOT_FOUND, "debian-12", "create", "702", "--ostemplate", "debian-21"),
        new Case(
            ExitCode.TEMPLATE_NOT_FOUND, "../../etc", "create", "702", "--ostemplate", "../../etc"),
        new Case(ExitCode.BAD_PARAMETER, "needs a value", "create", "702", "--name"),
        new Case(ExitCode.NO_TEMPLATE_NAMED, "--ostemplate", "create", "702"),
        new Case(ExitCode.USAGE, "Did you mean start?", "strat", "701"),
        new Case(ExitCode.USAGE, "vzctl help", "frobnicate", "701"),
        new Case(ExitCode.USAGE, "unknown command", "; reboot"),
        new Case(ExitCode.BAD_PARAMETER, "Did you mean --fast?", "stop", "701", "--fats"),
        new Case(ExitCode.BAD_PARAMETER, "unknown option", "start", "701", "--x\n--y"),
        new Case(
            ExitCode.BAD_PARAMETER, "did you mean 512M?", "set", "701", "--ram", "512", "--save"),
        new Case(
            ExitCode.BAD_PARAMETER, "--cpulimit", "set", "701", "--cpulimit", "lots", "--save"),
        new Case(ExitCode.BAD_PARAMETER, "yes or no", "set", "701", "--onboot", "maybe", "--save"),
        new Case(ExitCode.USAGE, "Commands:"));
  }

  @ParameterizedTest
  @MethodSource({"unknownContainers", "create", "templatesAndSpelling"})
  void isRefused(Case c) {
    CommandResult result = host.run("vzctl", c.words()).ended(c.code());
    assertThat(result.stderr())
        .contains(c.says())
        .doesNotContain("Exception", "\tat ", "\u001b", "null")
        .hasSizeLessThan(4000);
    assertThat(result.stdout()).doesNotContain("Creating", "Starting");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/b",
        "a\nb",
        "a;b",
        "-x",
        "--save",
        "%s",
        "$(id)",
        "`id`",
        "a\"b",
        "a'b",
        "caf\u00e9",
        "\u202eevil",
        ".hidden",
        " lead",
        "trail ",
        "123",
        "a\tb",
        "a\u007f"
      })
  void hostileNamesAreRefused(String name) {
    host.run("vzctl", "create", "702", "--ostemplate", TEMPLATE, "--name", name)
        .ended(ExitCode.NAME_FAILED);
    CommandResult set = host.run("vzctl", "set", "701", "--name", name, "--save");
    set.ended(ExitCode.NAME_FAILED);
    assertThat(set.stderr()).doesNotContain("\u202e", "\u007f", "Exception");
  }

  @Test
  void tenKilobytesAreNoName() {
    String huge = "n".repeat(10_240);
    for (CommandResult result :
        List.of(
            host.run("vzctl", "create", "702", "--ostemplate", TEMPLATE, "--name", huge),
            host.run("vzctl", "start", huge),
            host.run("vzctl", huge, "701"),
            host.run("vzlist", "-o", huge),
            host.run("vzpkg", "create", "cache", huge))) {
      assertThat(result.exit()).describedAs("%s", result.stderr()).isIn(20, 21, 91, 131);
      assertThat(result.stderr()).hasSizeLessThan(500);
    }
  }

  @Test
  void statusOfTheUnknownIsAnAnswer() {
    assertThat(host.run("vzctl", "status", "799").ok().text())
        .isEqualTo("CTID 799 deleted unmounted down");
    assertThat(host.run("vzctl", "status", "7").ok().text())
        .isEqualTo("CTID 7 deleted unmounted down");
    host.run("vzctl", "status", "nobody").ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void otherProgramsTeachToo() {
    assertThat(host.run("vzlist", "-o", "hostnam").ended(ExitCode.BAD_PARAMETER).stderr())
        .contains("Did you mean hostname?");
    assertThat(host.run("vzpkg", "create", "cahce", "debian-12").ended(ExitCode.USAGE).stderr())
        .contains("create cache");
    assertThat(host.run("lamina", "recovr").ended(ExitCode.USAGE).stderr())
        .contains("Did you mean recover?");
    assertThat(
            host.run("vzpkg", "create", "cache", "debian-21")
                .ended(ExitCode.TEMPLATE_NOT_FOUND)
                .stderr())
        .contains("debian-12");
    host.run("lamina", "backup", "/nonexistent/dir/file").ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void onlyRootAndTheGroupMayCommand() throws Exception {
    CommandResult stranger = as("--regid=65534");
    stranger.ended(ExitCode.PERMISSION_DENIED);
    assertThat(stranger.stderr()).contains("root", "group lamina");
    // The group of the tests is root's; a member commands the daemon.
    as("--regid=0").ok();
    // Even with the socket open to everybody, the daemon itself refuses strangers.
    Files.setPosixFilePermissions(host.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
    CommandResult insistent = as("--regid=65534");
    insistent.ended(ExitCode.PERMISSION_DENIED);
    assertThat(insistent.stderr()).contains("laminad refuses this caller", "members of the group");
    Files.setPosixFilePermissions(host.socket(), PosixFilePermissions.fromString("rw-rw----"));
  }

  private CommandResult as(String group) {
    return RunningCommand.start(
            List.of(
                "setpriv",
                "--reuid=65534",
                group,
                "--clear-groups",
                LaminaHost.layout().resolve("usr/bin/vzlist").toString(),
                "-a"),
            host.clientEnvironment())
        .finish(SOON);
  }

  private static String[] words(String command, String[] own, String[] more) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(own));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
