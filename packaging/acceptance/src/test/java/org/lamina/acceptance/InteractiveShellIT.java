package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lamina}, the interactive console, typed on a real terminal against a real daemon. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InteractiveShellIT {
  private static final String CTRL_C = "\u0003";
  private static final String PROMPT = "lamina> ";

  /** A health command that does not end before {@link #release}. */
  private static final String HELD =
      "while test -e /run/hold; do touch /run/inside; sleep 0.05; done";

  private LaminaHost host;
  private Guest web;
  private Guest db;
  private Terminal terminal;
  private String before;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    web = Guest.create(host, 851, "debian-12", "--hostname", "web1", "--name", "web1");
    db = Guest.create(host, 852, "debian-12", "--hostname", "db1", "--name", "db1");
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void openConsole() {
    terminal = new Terminal(host, 40, 120);
    before = terminal.settings();
    open(terminal);
  }

  /** No stack trace is ever shown to a person. */
  @AfterEach
  void closeConsole() {
    String printed = terminal.printed();
    terminal.close();
    assertThat(printed).doesNotContain("\tat ", "Exception");
  }

  private String program() {
    return program(host);
  }

  private static String program(LaminaHost of) {
    return "NO_COLOR=1 LAMINA_CONSOLE_JAVA_OPTS=-Duser.home="
        + of.configDir()
        + " "
        + LaminaHost.layout().resolve("usr/lib/lamina/console");
  }

  private void open(Terminal on) {
    on.ask(program(), "Tab completes, help explains.").await(PROMPT);
  }

  private Terminal line(String line, String answer) {
    return terminal.ask(line, answer);
  }

  private void leave(int code) {
    terminal.ask("exit", "host:" + code + "> ");
    assertThat(terminal.settings()).isEqualTo(before);
  }

  @Test
  void tabCompletesCommandsContainersAndOptions() throws IOException {
    // ambiguous beginnings show what there is
    terminal.type("container \t");
    terminal.await("restart").await("umount");
    terminal.type("sh\twe\t\r");
    terminal.await("851 web1").await("Private area").await(PROMPT);
    terminal.type("set web1 --descr\t'the first' --sa\t\r");
    terminal.await("CT configuration saved").await(PROMPT);
    line("list -o ctid,description", "851  the first").await(PROMPT);
    leave(0);
    Path history = host.configDir().resolve(".lamina_history");
    assertThat(history).content().contains("set web1 --description 'the first' --save");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
        .isEqualTo("rw-------");
  }

  @Test
  void labelsSelectAndSurviveTheDatabase() {
    line("set 851-852 --label env=prod,tier=web --save", "2 changed").await(PROMPT);
    line("set db1 --label tier=db --save", "CT configuration saved").await(PROMPT);
    line("list label:env=prod,label:tier=d* -o ctid,labels", "852  env=prod,tier=db").await(PROMPT);
    assertThat(host.run("vzlist", "-a", "-H", "-o", "labels", "851").ok().text())
        .isEqualTo("env=prod,tier=web");
    assertThat(db.conf("LAMINA_LABELS")).isEqualTo("env=prod,tier=db");
    host.run("vzctl", "unregister", "852").ok();
    line("list label:tier=db", "no container matches").await("lamina [21]> ");
    line("recover", "Recovered 1").await(PROMPT);
    line("list label:tier=db -o ctid,labels", "852  env=prod,tier=db").await(PROMPT);
    line("set all --label env=,tier= --save", "2 changed").await(PROMPT);
    assertThat(db.conf("LAMINA_LABELS")).isEmpty();
    line("set 851 --label no-sign --save", "there is no = in it").await("lamina [21]> ");
    leave(ExitCode.BAD_PARAMETER.code());
  }

  @Test
  void eventsAreFollowedWhileSomebodyElseWorks() {
    try (Terminal second = new Terminal(host, 24, 120)) {
      open(second);
      second.ask("events --type container", "\r\n");
      RunningCommand scripted =
          host.begin("lamina", "events", "--type", "container-changed", "-n", "1", "-j");
      // whoever begins to follow hears only what comes after
      changeUntil(
          () -> second.rest().contains("container-changed") && !scripted.process().isAlive());
      second.await("851  web1: bootorder");
      assertThat(scripted.finish(Duration.ofSeconds(20)).ok().text())
          .contains("\"type\":\"container-changed\",\"target\":\"851\"");
      host.restart();
      second.await("what happens until it is back is not shown");
      changeUntil(() -> second.rest().contains("container-changed"));
      second.type(CTRL_C);
      second.await(PROMPT).ask("exit", "host:0> ");
    }
    leave(0);
  }

  private void changeUntil(BooleanSupplier heard) {
    Guest.await(
        "the change is heard",
        Duration.ofSeconds(30),
        () -> {
          web.vzctl("set", "--bootorder", "7", "--save").ok();
          web.vzctl("set", "--bootorder", "8", "--save").ok();
          return heard.getAsBoolean();
        });
  }

  @Test
  void ctrlCInLongWorkAsksWhatIsMeant() {
    LaminaHost own = LaminaHost.start(Map.copyOf(TemplateRemains.OWN_TEMPLATES));
    try (Terminal shell = new Terminal(own, 30, 100)) {
      TemplateRemains.defineTiny(own);
      shell.ask(program(own), PROMPT);
      shell.ask("template create tiny", "%");
      shell.type(CTRL_C);
      shell.await("Interrupted create-template tiny").ask("w", "%");
      shell.type(CTRL_C);
      shell.await("Interrupted create-template tiny").ask("d", "operation watch ").await("[130]> ");
      shell.ask("operation list -n 1", "create-template").await("running").await(PROMPT);
      String id = own.run("lamina", "operations", "-n", "1").ok().text().lines().toList().get(1);
      shell.ask("watch " + id.strip().split(" ")[0], "%");
      shell.type(CTRL_C);
      shell.await("Interrupted create-template tiny").ask("c", "was cancelled").await("]> ");
      assertThat(TemplateRemains.of(own.stateDir().resolve("template"))).isEmpty();
      shell.ask("exit", "host:");
    } finally {
      own.close();
    }
    leave(0);
  }

  @Test
  void ctrlCInARollOutLeavesItOrEndsIt() {
    PatchedTemplate template = PatchedTemplate.start(TemplateRemains.OWN_TEMPLATES);
    LaminaHost own = template.host();
    try (Terminal shell = new Terminal(own, 30, 100)) {
      Guest first = Guest.create(own, 861, QuickDebian.NAME).started();
      Guest second = Guest.create(own, 862, QuickDebian.NAME).started();
      Guest third = Guest.create(own, 863, QuickDebian.NAME);
      template.update(1);
      first.sh("touch /run/hold").ok();
      second.sh("touch /run/hold").ok();
      shell.ask(program(own), PROMPT);
      shell.type("rollout debian-12 --waves 1,2,3 --health '" + HELD + "'\r");
      shell.await("861").await("863").await("Go on? [y/N] ").ask("y", "wave 1 of 3");
      awaitHeld(first);
      shell.type(CTRL_C);
      shell.await("Interrupted rollout debian-12").ask("d", "operation watch ").await("[130]> ");

      release(first);
      awaitHeld(second); // it went on though nobody watched
      assertThat(template.generation(first)).isEqualTo(1);
      JsonNode newest = json(own.run("lamina", "operations", "-n", "1", "-j"));
      assertThat(newest.get("kind").asString()).isEqualTo("rollout");
      assertThat(newest.get("state").asString()).isEqualTo("RUNNING");
      shell.ask("watch " + newest.get("id").asLong(), "Container 861: ");
      shell.type(CTRL_C);
      shell.await("Interrupted rollout debian-12").ask("c", "wave 2 of 3");
      release(second);
      shell.await("Container 862: ").await("Container 863: not tried");
      // the same code as vzpkg's: something is behind
      shell.await("it was cancelled").await("lamina [22]> ");
      shell.ask("report", "it was cancelled").await(PROMPT);
      assertThat(template.generation(second)).isEqualTo(1);
      assertThat(template.generation(third)).isZero();

      shell.ask("rollout debian-12 --yes", "Container 863: ").await(PROMPT);
      assertThat(template.generation(third)).isEqualTo(1);
      shell.ask("stat 861 --interval 0", "working set").await(PROMPT);
      shell.ask("backup -j " + own.configDir().resolve("db.zip"), "\"bytes\" : ").await(PROMPT);
      shell.type("shutdown\r");
      shell.await("862").await("2 containers will be stopped. Go on? [y/N] ");
      shell.ask("y", "2 containers stopped").await(PROMPT);
      assertThat(first.status()).isEqualTo("stopped");
      shell.ask("exit", "host:0> ");
    } finally {
      // a test that failed leaves nothing held
      List.of("861", "862").forEach(c -> own.run("vzctl", "exec", c, "rm -f /run/hold"));
      template.awaitRuns("at the end");
      own.close();
    }
    leave(0);
  }

  private static JsonNode json(CommandResult result) {
    return JsonMapper.shared().readTree(result.ok().stdout()).get(0);
  }

  private static void awaitHeld(Guest guest) {
    Path flag = guest.proc("root/run/inside");
    Guest.await(
        "the health command of " + guest.ctid() + " runs",
        Duration.ofSeconds(60),
        () -> Files.exists(flag));
  }

  private static void release(Guest guest) {
    guest.sh("rm /run/hold").ok();
  }

  @Test
  void theWindowMayBeResized() {
    line("list -o ctid,name,status,template,hostname,description", "HOSTNAME").await(PROMPT);
    terminal.resize(30, 36);
    Terminal.pause(200);
    int from = terminal.printed().length();
    line("list -o ctid,name,status,template,hostname,description", "STATUS").await(PROMPT);
    assertThat(terminal.printed().substring(from))
        .as("columns that have no room are left out")
        .doesNotContain("DESCRIPTION");
    assertThat(terminal.printed().substring(from).lines().filter(l -> l.contains("851")))
        .isNotEmpty()
        .allSatisfy(l -> assertThat(l.strip().length()).isLessThanOrEqualTo(36));
    terminal.resize(40, 120);
    Terminal.pause(200);
    line("list -o ctid,name,status,template,hostname,description", "DESCRIPTION").await(PROMPT);
    leave(0);
  }

  @Test
  void enterGoesInsideAndBack_alsoWhenTheDaemonIsRestarted() {
    line("start web1 --wait", "Container started successfully").await(PROMPT);
    line("enter web1", "entered into CT 851").await("root@web1:~# ");
    terminal.ask("echo $((40+2)) $(stty size)", "42 40 120").await("root@web1:~# ");
    terminal.ask("exit", "exited from CT 851").await(PROMPT);
    line("exec 851 'exit 3'", "lamina [8]> ");
    line("exec -j state:running hostname", "\"output\" : \"web1\\n\"").await(PROMPT);
    line("usage -j", pidMax()).await(PROMPT);
    line("usage", "memory").await("disk").await(PROMPT);

    host.kill9();
    terminal.type("list -o ctid,status\r");
    terminal.await("laminad is away; waiting for it");
    host.startDaemon();
    terminal.await("851  running").await(PROMPT);
    host.stopDaemon();
    Guest.await("the socket is gone", Duration.ofSeconds(10), () -> !Files.exists(host.socket()));
    terminal.type("list\r");
    terminal.await("laminad is away").await("laminad is not running").await("systemctl start");
    terminal.await("lamina [10]> ");
    host.startDaemon();
    line("stop web1 --fast", "Container was stopped").await(PROMPT);
    leave(0);
  }

  /** The limit of process ids as a shell reads it. */
  private static String pidMax() {
    CommandResult cat =
        RunningCommand.start(List.of("cat", "/proc/sys/kernel/pid_max"), Map.of())
            .finish(Duration.ofSeconds(10));
    return "\"host\" : " + cat.ok().text();
  }

  @Test
  void whatPatchesShowsItsPlanFirst() {
    line("plan debian-12 web1", "current").await(PROMPT);
    terminal.type("rollout debian-12\r");
    terminal.await("851").await("852").await("Go on? [y/N] ");
    terminal.type("n\r");
    terminal.await("Nothing was changed").await("lamina [20]> ");
    line("rollout debian-12 web1 --yes", "Run 1 (rollout debian-12").await("lamina");
    line("report", "Container 851").await(PROMPT);
    line("pin web1", "is pinned").await(PROMPT);
    line("template status debian-12", "0 of 2 containers behind").await(PROMPT);
    line("unpin web1 -j", "\"ctid\" : 851").await(PROMPT);
    line("history debian-12", "GEN").await(PROMPT);
    line("gc --yes", "Nothing to remove").await(PROMPT);
    leave(0);
  }

  @Test
  void linesWithoutAPromptHaveExitCodes() {
    leave(0);
    terminal.ask(program() + " -c 'list -o ctid,name'", "852  db1").await("host:0> ");
    terminal.ask(program() + " -c 'container lsit'", "Did you mean").await("host:20> ");
    terminal.ask(program() + " -c 'list --oops'", "no option").await("host:21> ");
    terminal.ask(program() + " @/nonexistent", "there is no such file").await("host:21> ");
    terminal
        .ask("printf '# x\\nlist -o ctid -j\\nshow 999\\n' | " + program(), "\"ctid\" : 852")
        .await("stdin:3: ")
        .await("host:14> ");
  }
}
