package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.lamina.schema.ExitCode;

/**
 * Every command of the installed console against a real daemon, as lines without a prompt. What
 * needs eyes (enter, console, top) is typed in {@link InteractiveShellIT}; here it says that it
 * needs a terminal.
 *
 * <p>Lines that go together run in one console, because starting one costs most.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String WEB = "2571";
  private static final String DB = "2572";

  private PatchedTemplate template;
  private LaminaHost host;
  private final Set<String> tried = new HashSet<>();

  @BeforeAll
  void start() {
    template = PatchedTemplate.start(TemplateRemains.OWN_TEMPLATES);
    host = template.host();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private CommandResult console(String input, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(LaminaHost.layout().resolve("usr/lib/lamina/console").toString());
    command.addAll(arguments);
    Map<String, String> environment = new HashMap<>(host.clientEnvironment());
    environment.put("LAMINA_CONSOLE_JAVA_OPTS", "-Duser.home=" + host.configDir());
    environment.put("COLUMNS", "200");
    // Some commands of the console are the scripted ones, found as an operator's shell finds them.
    environment.put("PATH", LaminaHost.layout().resolve("usr/bin") + ":" + System.getenv("PATH"));
    RunningCommand running = RunningCommand.start(command, environment);
    running.feed(input.getBytes(StandardCharsets.UTF_8));
    CommandResult result = running.finish(SOON);
    assertThat(result.stdout() + result.stderr())
        .as("no stack trace")
        .doesNotContain("\tat ", "Exception");
    return result;
  }

  /**
   * Lines with what each makes appear, in this order, and all of which succeed. Summaries may be
   * among the messages.
   */
  private CommandResult script(String... linesAndAnswers) {
    StringBuilder text = new StringBuilder("# a change\n\n");
    for (int i = 0; i < linesAndAnswers.length; i += 2) {
      text.append(linesAndAnswers[i]).append('\n');
      note(linesAndAnswers[i]);
    }
    CommandResult result;
    try {
      Path file = Files.createTempFile(host.configDir(), "change", ".lamina");
      Files.writeString(file, text);
      result = console("", List.of("@" + file)).ok();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(result.stdout() + result.stderr()).as("no escapes").doesNotContain("\u001b");
    int from = 0;
    for (int i = 0; i < linesAndAnswers.length; i += 2) {
      String answer = linesAndAnswers[i + 1];
      int at = result.stdout().indexOf(answer, from);
      if (at < 0 && result.stderr().contains(answer)) {
        continue;
      }
      assertThat(at)
          .describedAs("%s makes \"%s\" appear; %s", linesAndAnswers[i], answer, result)
          .isNotNegative();
      from = at + answer.length();
    }
    return result;
  }

  /** One line that fails. */
  private void fails(String line, ExitCode code) {
    fails(line, code.code());
  }

  private void fails(String line, int code) {
    note(line);
    console("", List.of("-c", line)).ended(code);
  }

  /** One line that is refused with a sentence. */
  private void refused(String line) {
    note(line);
    CommandResult result = console("", List.of("-c", line));
    assertThat(result.exit()).as(line).isNotZero();
    assertThat(result.stderr()).as(line).isNotBlank();
  }

  private void note(String line) {
    String[] words = line.split(" ");
    tried.add(words[0]);
    tried.add(words.length > 1 ? words[0] + " " + words[1] : words[0]);
  }

  @Test
  @Order(1)
  void containersFromCreateToDestroy() {
    script(
        "container create 2571 --ostemplate debian-12 --hostname web1 --name web1",
        "Container private area was created",
        "container create 2572 --ostemplate debian-12 --hostname db1 --name db1",
        "Container private area was created",
        "container list -o ctid,name,status",
        "2571  web1  stopped",
        "container set web1 --ram 256M --label env=prod --save",
        "CT configuration saved",
        "container show web1",
        "256.0M",
        "container status 2571",
        "CTID 2571 exist unmounted down",
        "container mount db1",
        "mounted",
        "container umount db1",
        "unmounted",
        "container start 2571-2572 --wait",
        "2 started",
        "container exec web1 'echo out-$((40+2))'",
        "out-42",
        "container exec2 web1 hostname",
        "web1",
        "container exec3 web1 /bin/echo '$HOME'",
        "$HOME",
        "container exec state:running 'hostname; exit 0'",
        "2 containers: 2 exited 0",
        "container stat --interval 0.1",
        "WAIT%",
        "container stat 2571 --interval 0",
        "working set",
        "container restart web1 --wait",
        "Container started successfully",
        "container pin web1",
        "is pinned",
        "container unpin web1 -j",
        "\"ctid\" : 2571",
        "container stop label:env=prod --fast",
        "Container was stopped",
        "container list -j -o ctid,status",
        "\"running\"");
    fails("container exec3 db1 /bin/false", 1);
  }

  @Test
  @Order(2)
  void templatesAndPatching() {
    template.update(1);
    script(
        "template list",
        "debian-12",
        "template info debian-12",
        "debian-12",
        "template history debian-12",
        "GEN",
        "template plan debian-12",
        "clean",
        "template rollout debian-12 --yes --restart-services never",
        "2 done",
        "template report",
        "Container 2572: done, generation 0 -> 1",
        "template status debian-12",
        "0 of 2 containers behind",
        "template rollback debian-12 2571 --to 0 --yes",
        "1 done",
        "template gc --yes",
        "Nothing to remove");
    fails("template status debian-12", ExitCode.BEHIND);
    fails("template rollout debian-12", ExitCode.USAGE);
    fails("template create debian-12", ExitCode.TEMPLATE_EXISTS);
    fails("template remove debian-12 --yes", ExitCode.TEMPLATE_IN_USE);
    fails("template update no-such --dry-run", ExitCode.TEMPLATE_NOT_FOUND);
  }

  @Test
  @Order(3)
  void operationsEventsAndTheHost() {
    String backup = host.configDir().resolve("backup.zip").toString();
    script(
        "operation list -n 3",
        "create-template",
        "operation watch 1",
        "",
        "host version",
        "laminad",
        "host usage",
        "memory",
        "host backup " + backup,
        "backup.zip",
        "host recover",
        "",
        "help",
        "container console",
        "clear",
        "",
        "vzctl status 2571",
        "exist",
        "vzlist -a -H -o ctid",
        "2571",
        "vzpkg list",
        "debian-12",
        "vznetstat",
        "CTID",
        "pool create console-test 192.0.2.10-192.0.2.19",
        "",
        "pool list",
        "console-test",
        "pool destroy console-test",
        "",
        "network create contest0 --subnet 10.217.9.0/24",
        "was created",
        "network list",
        "contest0",
        "network show contest0",
        "10.217.9",
        "network destroy contest0",
        "was destroyed");
    refused("network create no/name");
    refused("network show no-such");
    refused("network destroy no-such");
    assertThat(Path.of(backup)).isNotEmptyFile();
    fails("operation cancel 999999", ExitCode.BAD_PARAMETER);
    note("host doctor");
    assertThat(console("", List.of("-c", "host doctor")).exit()).isIn(0, 5);
    RunningCommand events = host.begin("lamina", "events", "-n", "1", "--type", "container");
    note("events");
    Guest.await(
        "an event is told",
        Duration.ofSeconds(30),
        () -> {
          host.run("vzctl", "set", WEB, "--bootorder", "3", "--save").ok();
          return !events.process().isAlive();
        });
    assertThat(events.finish(SOON).ok().text()).contains("container-changed");
  }

  @Test
  @Order(4)
  void whatNeedsATerminalSaysSoOrTakesItsInput() {
    note("container enter");
    assertThat(console("echo in-$((40+3))\n", List.of("-c", "container enter db1")).stdout())
        .contains("in-43");
    fails("container top", ExitCode.USAGE);
    // what was printed there, up to the end of the input
    note("container console");
    assertThat(console("", List.of("-c", "container console db1")).ok().stdout())
        .contains("login:");
  }

  @Test
  @Order(5)
  void theEnd() {
    fails("container destroy db1 --yes", ExitCode.ALREADY_RUNNING);
    script("host shutdown --yes", "stopped");
    assertThat(host.run("vzctl", "status", DB).ok().stdout()).contains("down");
    script("container destroy 2571,2572 --yes", "2 destroyed");
    fails("container show 2571", ExitCode.NO_CONTAINER_CONFIG);
    fails("container lsit", ExitCode.USAGE);
    fails("list --oops", ExitCode.BAD_PARAMETER);
  }

  @Test
  @Order(6)
  void noCommandWasForgotten() {
    Pattern line = Pattern.compile("(?m)^  ([a-z]+( [a-z0-9]+)?)  +\\S");
    Set<String> commands = new TreeSet<>();
    var matcher = line.matcher(console("", List.of("-c", "help")).ok().stdout());
    while (matcher.find()) {
      commands.add(matcher.group(1));
    }
    assertThat(commands).hasSizeGreaterThan(45);
    commands.removeAll(tried);
    assertThat(commands).describedAs("commands that nothing here tries").isEmpty();
  }
}
