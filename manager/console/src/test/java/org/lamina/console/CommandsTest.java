package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lamina.console.FakeDaemon.say;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamina.console.shell.Keyboard;
import org.lamina.console.shell.NoKeyboard;
import org.lamina.console.shell.Programs;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.view.Screen;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.test.ShellTestClient;
import org.springframework.shell.test.autoconfigure.ShellTest;
import org.springframework.test.context.ContextConfiguration;

/** Every command against an API that a test writes, through the shell's own test client. */
@ShellTest
@ContextConfiguration(classes = CommandsTest.Wiring.class)
class CommandsTest {
  private static final FakePrograms PROGRAMS = new FakePrograms();
  private static final StringWriter ERR = new StringWriter();
  private static final Path DIRECTORY = temporary();
  private static FakeDaemon fake;

  static {
    try {
      fake = new FakeDaemon(DIRECTORY);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Autowired private ShellTestClient client;

  @Configuration(proxyBeanMethods = false)
  @Import(ConsoleConfiguration.class)
  static class Wiring {
    @Bean
    Settings settings() {
      return new Settings(fake.socket(), DIRECTORY.resolve("history"), false, "0.1.0");
    }

    @Bean
    Surroundings surroundings() {
      return new Surroundings(Screen.plain(new PrintWriter(ERR, true)), false);
    }

    @Bean
    Keyboard keyboard() {
      return new NoKeyboard();
    }

    @Bean
    Programs programs() {
      return PROGRAMS;
    }

    @Bean
    Clock clock() {
      return Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("lc");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void remove() throws IOException {
    fake.close();
    Files.deleteIfExists(DIRECTORY);
  }

  @BeforeEach
  void world() throws IOException {
    fake.reset();
    PROGRAMS.ran.clear();
    PROGRAMS.answer = command -> new Programs.Captured(0, "");
    ERR.getBuffer().setLength(0);
    fake.json(
        "GET /v1/containers", Files.readString(Path.of("src/test/resources/api/containers.json")));
    fake.json(
        "GET /v1/templates", Files.readString(Path.of("src/test/resources/api/templates.json")));
    fake.json(
        "GET /v1/operations?limit=20",
        Files.readString(Path.of("src/test/resources/api/operations.json")));
  }

  private String run(String line) throws Exception {
    return String.join("\n", client.sendCommand(line).lines()) + "\n";
  }

  private void fails(String line, ExitCode code, String message) {
    assertThatThrownBy(() -> run(line))
        .satisfies(e -> {
          Throwable known = e instanceof CommandExecutionException ? e.getCause() : e;
          is((LaminaException) known, code, message);
        });
  }

  private static void is(LaminaException e, ExitCode code, String message) {
    assertThat(e.exitCode()).isEqualTo(code);
    assertThat(e.text() + " " + e.hint().orElse("")).contains(message);
  }

  private static List<String> changes() {
    return fake.requests().stream().filter(r -> !r.startsWith("GET ")).toList();
  }

  @Test
  void containerList() throws Exception {
    Golden.same("container-list.txt", run("container list"));
    assertThat(run("list")).isEqualTo(run("container list"));
    Golden.same(
        "container-list-columns.txt", run("ls -o ctid,cpulimit,onboot,description -s -ctid"));
    Golden.same("container-list-memory.txt", run("list --sort memory --running"));
    assertThat(run("list web* -o ctid")).isEqualTo("CTID\n 101\n 140\n");
    assertThat(run("list --stopped -o ctid")).isEqualTo("CTID\n 102\n");
    fails("list -o ctdi", ExitCode.BAD_PARAMETER, "Did you mean ctid?");
    fails("list nobody", ExitCode.BAD_PARAMETER, "there is no container named nobody");
    fake.json("GET /v1/containers", "[]");
    assertThat(run("list")).contains("container create");
    assertThat(run("list -j")).isEqualTo("[]\n");
  }

  @Test
  void jsonIsTheDaemonsOwn() throws Exception {
    assertThat(run("list 102 -j"))
        .contains("\"ctid\" : 102")
        .contains("\"extra\"")
        .doesNotContain("101");
  }

  @Test
  void containerShow() throws Exception {
    Golden.same("container-show.txt", run("container show web1"));
    Golden.same("container-show-stopped.txt", run("show 102"));
    fails("show 101-140", ExitCode.BAD_PARAMETER, "means 3 containers");
    fails("show 999", ExitCode.NO_CONTAINER_CONFIG, "there is no container 999");
  }

  @Test
  void startOne() throws Exception {
    fake.operation(
        "POST /v1/containers/102/start?waitSeconds=30&force=true",
        7,
        "DONE",
        0,
        say("Starting container..."),
        "{\"type\":\"progress\",\"percent\":50,\"text\":\"half\"}",
        "{\"type\":\"warn\",\"text\":\"Mind the gap\"}",
        say("Container started successfully"));
    assertThat(run("start 102 --wait --timeout 30 --force"))
        .isEqualTo("Starting container...\nContainer started successfully\n");
    assertThat(ERR.toString()).isEqualTo("Mind the gap\n");
    fails("start 102 --timeout 30", ExitCode.USAGE, "--timeout needs --wait");
    fails("start 102 --wait --timeout x", ExitCode.BAD_PARAMETER, "--timeout");
  }

  @Test
  void aFailedOperationHasItsOwnCode() {
    fake.operation("POST /v1/containers/102/start", 7, "FAILED", 105);
    fails("start 102", ExitCode.START_DISABLED, "it went wrong");
    fake.operation("POST /v1/containers/102/start", 8, "CANCELLED", -1);
    fails("start 102", ExitCode.SYSTEM, "start 101 was cancelled");
  }

  @Test
  void aDaemonThatIsRestartedInTheMiddleIsAskedWhatCameOfIt() throws Exception {
    fake.operation("POST /v1/containers/102/start", 7, "DONE", 0);
    fake.on(
        "GET /v1/operations/7/events",
        c -> {
          c.stream("application/x-ndjson");
          c.raw(say("Starting container...") + "\n{\"type\":\"sa");
        });
    assertThat(run("start 102")).isEqualTo("Starting container...\n");
    fake.json("GET /v1/operations/7", FakeDaemon.operationJson(7, "start", "INTERRUPTED", -1));
    fails("start 102", ExitCode.SYSTEM, "laminad ended in the middle of start 101");
  }

  @Test
  void manyAreSummedUp() throws Exception {
    fake.operation("POST /v1/containers/101/stop?fast=true", 11, "DONE", 0);
    fake.operation("POST /v1/containers/140/stop?fast=true", 12, "FAILED", 33);
    String out = run("stop --fast 101-140,state:running");
    assertThat(out).contains("101 web1  stopped (").contains("140 web3  it went wrong");
    assertThat(ERR.toString()).isEqualTo("1 stopped, 1 failed\n");
    assertThat(changes())
        .containsExactlyInAnyOrder(
            "POST /v1/containers/101/stop?fast=true", "POST /v1/containers/140/stop?fast=true");
  }

  @Test
  void destroyAsksAndRefusesWhatRuns() throws Exception {
    fails("destroy all", ExitCode.ALREADY_RUNNING, "container stop 101,140");
    fails("destroy 102", ExitCode.USAGE, "Add --yes");
    assertThat(changes()).isEmpty();
    assertThat(ERR.toString()).contains("102").contains("/var/lib/lamina/private/102");
    fake.operation(
        "DELETE /v1/containers/102", 9, "DONE", 0, say("Container private area was destroyed"));
    assertThat(run("container delete 102 -y")).isEqualTo("Container private area was destroyed\n");
  }

  @Test
  void create() throws Exception {
    fake.operation("POST /v1/containers", 5, "DONE", 0, say("Container private area was created"));
    assertThat(run("create 105 --ostemplate debian-12 --hostname web5 --description 'a \"b\"'"))
        .isEqualTo("Container private area was created\n");
    assertThat(changes().getFirst())
        .contains("\"ctid\" : 105")
        .contains("\"template\" : \"debian-12\"")
        .contains("\"description\" : \"a \\\"b\\\"\"")
        .contains("\"privileged\" : false");
    fails("create 5", ExitCode.BAD_PARAMETER, "Bad CT ID 5");
    fails("create", ExitCode.USAGE, "no CTID is given");
  }

  @Test
  void setIsVzctls() throws Exception {
    fake.on(
        "POST /v1/cli/vzctl",
        c -> {
          c.stream("application/x-lamina-frames");
          c.raw("o6\nsaved\ne4\nhmm\nx2\n21");
        });
    client.sendCommand("set 101 --save --ram 512M");
    assertThat(changes())
        .containsExactly("POST /v1/cli/vzctl set|101|--ram|512M|--save|".replace('|', (char) 0));
    assertThat(ERR.toString()).isEqualTo("hmm\n");
    fails("set 101", ExitCode.USAGE, "nothing to change");
    fails("set 101 --save", ExitCode.USAGE, "nothing to change");
    fails("set 101 --rma 5", ExitCode.BAD_PARAMETER, "Did you mean --ram?");
    assertThat(run("set web* --onboot yes --save")).contains("101 web1\n  saved\n140 web3");
    assertThat(ERR.toString()).contains("0 changed, 2 failed");
  }

  @Test
  void execOnOneHasTheTerminalAndOnManyIsGrouped() throws Exception {
    run("exec 101 ls -l '$HOME/a b' --color");
    assertThat(PROGRAMS.ran).containsExactly("vzctl|exec|101|ls|-l|$HOME/a b|--color");
    PROGRAMS.ran.clear();
    PROGRAMS.answer =
        c ->
            c.contains("140")
                ? new Programs.Captured(3, "oops\n")
                : new Programs.Captured(0, "a\nb\n");
    assertThat(run("exec2 state:running uname"))
        .isEqualTo("101 web1\n  a\n  b\n140 web3 exited 3\n  oops\n");
    assertThat(ERR.toString()).isEqualTo("2 containers: 1 exited 0, 1 exited 3\n");
    fails("exec 101", ExitCode.USAGE, "something is missing");
  }

  @Test
  void terminalsAreHandedOver() throws Exception {
    run("enter web1");
    run("container enter 101 --exec top -b");
    run("console 140");
    run("vzctl set 101 --ram 1G");
    run("vzlist -a -o ctid");
    run("backup /root/x.zip");
    run("backup -j /root/y.zip");
    assertThat(PROGRAMS.ran)
        .containsExactly(
            "vzctl|enter|101",
            "vzctl|enter|101|--exec|top|-b",
            "vzctl|console|140",
            "vzctl|set|101|--ram|1G",
            "vzlist|-a|-o|ctid",
            "lamina|backup|/root/x.zip",
            "lamina|backup|/root/y.zip|-j");
  }

  @Test
  void templates() throws Exception {
    Golden.same("template-list.txt", run("template list"));
    fake.json(
        "GET /v1/templates/debian-12",
        Files.readString(Path.of("src/test/resources/api/template.json")));
    Golden.same("template-info.txt", run("template info debian-12"));
    fake.operation("POST /v1/templates/a%20b%2F..", 3, "DONE", 0, say("Built"));
    assertThat(run("template create 'a b/..'")).isEqualTo("Built\n");
    fails("template remove debian-12", ExitCode.USAGE, "Add --yes");
    fake.error("DELETE /v1/templates/debian-12", 409, "101 depends on it", 95, null);
    fails("template remove debian-12 --yes", ExitCode.TEMPLATE_IN_USE, "101 depends on it");
  }

  @Test
  void operations() throws Exception {
    Golden.same("operation-list.txt", run("operation list"));
    fails("operation list -n 0", ExitCode.BAD_PARAMETER, "--limit");
    fake.json("POST /v1/operations/4/cancel", FakeDaemon.operationJson(4, "start", "RUNNING", -1));
    assertThat(run("cancel 4")).isEqualTo("Operation 4 (start 101) was asked to end\n");
    fails("watch x", ExitCode.BAD_PARAMETER, "an operation is a number");
    fake.operation("POST /v1/containers/1/start", 6, "DONE", 0, say("done"));
    assertThat(run("operation watch 6")).isEqualTo("done\n");
  }

  @Test
  void host() throws Exception {
    fake.json(
        "GET /v1/host",
        "{\"version\":\"0.2.0\",\"kernel\":\"6.12.1\",\"pid\":17,\"containers\":3,\"running\":2}");
    Golden.same("host-version.txt", run("version"));
    assertThat(ERR.toString()).contains("different releases");
    fake.operation("POST /v1/host/recover", 8, "DONE", 0);
    assertThat(run("host recover")).isEqualTo("Nothing to recover\n");
  }

  @Test
  void statShowsWhatEachWaitsFor() throws Exception {
    fake.json(
        "GET /v1/statistics",
        """
        [{"ctid": 101,
          "memory": {"working_set": 1, "cache": 41943040, "swap": 1048576, "killed": 2},
          "disk": {"read": 1, "written": 2, "reads": 1, "writes": 1},
          "pressure": {"cpu": {"some": {"ten": 12.4}}, "io": {"some": {"ten": 31.0}}}},
         {"ctid": 140, "memory": {"working_set": 1, "cache": 0, "killed": null}, "disk": null,
          "pressure": {}}]
        """);
    Golden.same("container-stat.txt", run("stat --interval 0.1"));
  }

  @Test
  void statOfOneAndInJsonIsVzctls() throws Exception {
    frames("POST /v1/cli/vzctl", "o9\ncpu  1 %\nx1\n0");
    assertThat(run("stat web1 --interval 0")).isEqualTo("cpu  1 %\n");
    assertThat(run("stat all --ubc")).isEqualTo("101 web1\n  cpu  1 %\n140 web3\n  cpu  1 %\n");
    frames("POST /v1/cli/vzctl", "o15\n[ {\"ctid\":101}]x1\n0");
    assertThat(run("stat -j").replaceAll("\\s", "")).isEqualTo("[{\"ctid\":101},{\"ctid\":101}]");
    assertThat(changes())
        .containsExactlyInAnyOrder(
            vzctl("stat 101 --interval 0"),
            vzctl("stat 101 --ubc"),
            vzctl("stat 140 --ubc"),
            vzctl("stat 101 -j"),
            vzctl("stat 140 -j"));
    frames("POST /v1/cli/vzctl", "e3\nno\nx2\n31");
    assertThat(run("stat -j 102 --interval 0")).isEqualTo("[]\n");
    assertThat(ERR.toString()).isEqualTo("no\n");
  }

  private static String vzctl(String words) {
    return "POST /v1/cli/vzctl " + words.replace(' ', (char) 0) + (char) 0;
  }

  @Test
  void shutdownNamesWhatWillStopAndAsks() throws Exception {
    fake.operation("POST /v1/host/shutdown", 8, "DONE", 0, say("Container was stopped"));
    fails("shutdown", ExitCode.USAGE, "Add --yes");
    assertThat(ERR.toString()).contains("101 web1\n").contains("140 web3\n").doesNotContain("102");
    assertThat(changes()).isEmpty();
    assertThat(run("shutdown -y")).startsWith("Container was stopped\n");
    assertThat(run("host shutdown -y -j")).contains("\"id\" : 8");
    assertThat(changes()).containsExactly("POST /v1/host/shutdown", "POST /v1/host/shutdown");
    fake.json("GET /v1/containers", "[]");
    assertThat(run("shutdown")).isEqualTo("No container is running\n");
  }

  @Test
  void optionsAreThoseOfVzctl() throws Exception {
    String page = Files.readString(Path.of("../../packaging/man/vzctl.8")).replace("\\-", "-");
    for (String command : List.of("create", "set")) {
      String help = run("help container " + command);
      Matcher option = Pattern.compile("--[a-z][a-z_-]+").matcher(named(page, command));
      int seen = 0;
      while (option.find()) {
        assertThat(help).as("container " + command).containsPattern(option.group() + "[ ,]");
        seen++;
      }
      assertThat(seen).as("options of vzctl " + command + " in its page").isGreaterThan(8);
    }
  }

  /** The lines of a manual page that name a command's options. */
  private static String named(String page, String command) {
    String from = page.substring(page.indexOf("\n.SS " + command));
    int end = Math.min(end(from, "\n.SS "), end(from, "\n.SH "));
    return from.substring(0, end)
        .lines()
        .filter(l -> l.matches("\\.(B|BI|BR) --.*"))
        .collect(Collectors.joining("\n"));
  }

  private static int end(String from, String heading) {
    int at = from.indexOf(heading, 1);
    return at < 0 ? from.length() : at;
  }

  @Test
  void networkOptionsMayBeRepeated() throws Exception {
    fake.operation("POST /v1/containers", 5, "DONE", 0);
    run("create 105 --ipadd 10.0.0.2 --ipadd 10.0.0.3/24 --publish 8080:80,53:53/udp --rate 512");
    assertThat(changes().getFirst().replaceAll("\\s", ""))
        .contains("\"addAddresses\":[\"10.0.0.2\",\"10.0.0.3/24\"]")
        .contains("\"publishPorts\":[\"8080:80\",\"53:53/udp\"]")
        .contains("\"nameservers\":null")
        .contains("\"rateKbit\":512");
    fails("create 105 --rate fast", ExitCode.BAD_PARAMETER, "bad rate");
    frames("POST /v1/cli/vzctl", "x1\n0");
    run("set 101 --ipdel all --ipadd=10.0.0.4 --ipadd 10.0.0.5 --cpus 1 --save");
    assertThat(changes().getLast())
        .isEqualTo(
            "POST /v1/cli/vzctl set|101|--cpus|1|--ipadd|10.0.0.4,10.0.0.5|--ipdel|all|--save|"
                .replace('|', (char) 0));
    fails("set 101 --cpus 1 --cpus 2", ExitCode.BAD_PARAMETER, "given twice");
  }

  @Test
  void usage() throws Exception {
    fake.json("GET /v1/host/usage", Files.readString(Path.of("src/test/resources/api/usage.json")));
    Golden.same("host-usage.txt", run("host usage"));
    assertThat(run("oversell")).isEqualTo(run("usage"));
    assertThat(run("usage -j")).contains("\"promisedToAll\" : 7516192768");
  }

  @Test
  void labelsAreAColumnAndSelect() throws Exception {
    assertThat(run("list label:env=prod -o ctid,labels"))
        .isEqualTo("CTID  LABELS\n 101  env=prod,tier=web\n");
    fails("list label:env=test", ExitCode.BAD_PARAMETER, "no container matches");
    frames("POST /v1/cli/vzctl", "o5\ndone\nx1\n0");
    run("set 101 --label env=test,tier= --save");
    assertThat(changes())
        .containsExactly(
            "POST /v1/cli/vzctl set|101|--label|env=test,tier=|--save|".replace('|', (char) 0));
  }

  @Test
  void whatChangesPrintsJsonToo() throws Exception {
    frames("POST /v1/cli/vzctl", "o6\nsaved\nx1\n0");
    fake.json("GET /v1/containers/101", "{\"ctid\":101}");
    fake.json("GET /v1/containers/140", "{\"ctid\":140}");
    assertThat(run("set 101 --ram 1G --save -j")).isEqualTo("{\n  \"ctid\" : 101\n}\n");
    assertThat(ERR.toString()).isEqualTo("saved\n");
    assertThat(changes().getFirst()).doesNotContain("json");
    assertThat(run("set web* --ram 1G --save -j").replaceAll("\\s", ""))
        .isEqualTo("[{\"ctid\":101},{\"ctid\":140}]");
    fails("set 101 --save -j", ExitCode.USAGE, "nothing to change");
    PROGRAMS.answer = c -> new Programs.Captured(c.contains("140") ? 3 : 0, "out\n");
    String captured = String.join("\n", client.sendCommand("exec2 -j web* uname").lines());
    assertThat(captured.replaceAll("\\s", ""))
        .isEqualTo(
            "[{\"ctid\":101,\"name\":\"web1\",\"exitCode\":0,\"output\":\"out\\n\"},"
                + "{\"ctid\":140,\"name\":\"web3\",\"exitCode\":3,\"output\":\"out\\n\"}]");
    fake.operation("POST /v1/containers/101/stop", 11, "DONE", 0);
    fake.operation("POST /v1/containers/140/stop", 12, "DONE", 0);
    assertThat(run("stop web* -j")).startsWith("[").contains("\"id\" : 11").contains("\"id\" : 12");
    assertThat(run("status web1 -j")).isEqualTo("{\n  \"ctid\" : 101\n}\n");
    frames("POST /v1/cli/vzpkg", "o6\npinnedx1\n0");
    assertThat(run("unpin web1 -j")).isEqualTo("{\n  \"ctid\" : 101\n}\n");
    assertThat(run("pin web* -j").replaceAll("\\s", ""))
        .isEqualTo("[{\"ctid\":101},{\"ctid\":140}]");
    frames("POST /v1/cli/lamina", "o3\n[]\nx1\n0");
    assertThat(run("doctor -j")).isEqualTo("[]\n");
    assertThat(changes().getLast()).endsWith("doctor|-j|".replace('|', (char) 0));
  }

  private static void frames(String request, String frames) {
    fake.on(
        request,
        c -> {
          c.stream("application/x-lamina-frames");
          c.raw(frames);
        });
  }

  @Test
  void patchingIsVzpkgs() throws Exception {
    frames("POST /v1/cli/vzpkg", "o5\nplan\ne4\nhm!\nx1\n0");
    assertThat(run("template plan debian-12 101-140 --to 3 -j")).isEqualTo("plan\n");
    assertThat(run("template update debian-12 --security --dry-run")).isEqualTo("plan\n");
    assertThat(run("update cache debian-12")).isEqualTo("plan\n");
    run("rollout debian-12 label:env=prod --restart --waves 1,100% --yes");
    run("rollback debian-12 --to 0 -y");
    run("gc -y");
    run("history debian-12");
    run("template status debian-12");
    run("report 7 -j");
    run("pin web*");
    run("gc -y -j");
    assertThat(changes())
        .containsExactly(
            vzpkg("plan debian-12 101 140 --to 3 -j".replace("--to 3 -j", "-j --to 3")),
            vzpkg("update cache debian-12 --security --dry-run"),
            vzpkg("update cache debian-12"),
            vzpkg("rollout debian-12 101 --restart --waves 1,100%"),
            vzpkg("rollback debian-12 --to 0"),
            vzpkg("gc"),
            vzpkg("history debian-12"),
            vzpkg("status debian-12"),
            vzpkg("report 7 -j"),
            vzpkg("pin 101"),
            vzpkg("pin 140"),
            vzpkg("gc -j"));
  }

  private static String vzpkg(String words) {
    return "POST /v1/cli/vzpkg " + words.replace(' ', (char) 0) + (char) 0;
  }

  @Test
  void aRollOutShowsItsPlanAndAsks() {
    frames("POST /v1/cli/vzpkg", "o5\nplan\nx1\n0");
    fails("rollout debian-12", ExitCode.USAGE, "Add --yes");
    assertThat(ERR.toString()).isEqualTo("plan\n");
    assertThat(changes()).containsExactly(vzpkg("plan debian-12"));
    fails("rollout debian-12 102", ExitCode.BAD_PARAMETER, "none of 102 depends on template");
    frames("POST /v1/cli/vzpkg", "e3\nno\nx2\n91");
    fails("rollout debian-99", ExitCode.TEMPLATE_NOT_FOUND, "nothing was changed");
  }

  @Test
  void eventsAreFollowed() throws Exception {
    fake.on(
        "GET /v1/events",
        c -> {
          c.stream("application/x-ndjson");
          c.raw(
              "\n{\"at\":\"2026-11-20T11:00:01.5Z\",\"type\":\"operation-begun\",\"target\":\"101\","
                  + "\"text\":\"start, operation 7\"}\n\n");
          c.raw(
              "{\"at\":\"2026-11-20T11:00:03Z\",\"type\":\"container-started\",\"target\":\"101\","
                  + "\"text\":\"web\\u001b[2J\"}\n");
        });
    assertThat(run("events -n 2"))
        .isEqualTo(
            """
            2026-11-20 11:00:01  operation-begun       101  start, operation 7
            2026-11-20 11:00:03  container-started     101  web?[2J
            """);
    assertThat(run("events --type container --count 1 -j"))
        .startsWith("{\"at\":\"2026-11-20T11:00:03Z\",\"type\":\"container-started\"");
    fails("events -n 0", ExitCode.BAD_PARAMETER, "--count");
  }

  @Test
  void eventsAreFollowedAgainAfterARestart() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    fake.on(
        "GET /v1/events",
        c -> {
          int time = asked.incrementAndGet();
          if (time == 2) {
            return; // the old daemon, which takes the request with it
          }
          c.stream("application/x-ndjson");
          c.raw(
              "{\"at\":\"2026-11-20T11:00:03Z\",\"type\":\"x\",\"target\":\"%d\",\"text\":\"\"}\n"
                  .formatted(time));
        });
    assertThat(run("events -n 2 -j")).contains("\"target\":\"1\"").contains("\"target\":\"3\"");
    assertThat(ERR.toString()).contains("laminad went away; what happens until");
  }

  @Test
  void helpIsMadeFromTheTables() throws Exception {
    Golden.same("help.txt", run("help"));
    Golden.same("help-start.txt", run("help container start"));
    assertThat(run("start --help")).isEqualTo(run("help start"));
    assertThat(run("help selectors")).contains("template:NAME");
    assertThat(run("template")).isEqualTo(run("help template")).contains("template create");
    fails("help nothing", ExitCode.USAGE, "there is no command nothing");
  }

  @Test
  void linesThatMeanNothing() {
    fails("container lsit", ExitCode.USAGE, "Did you mean container list?");
    fails("strat 101", ExitCode.USAGE, "Did you mean start?");
    fails("list 'open", ExitCode.USAGE, "not closed");
    fails("top", ExitCode.USAGE, "top needs a terminal");
  }
}
