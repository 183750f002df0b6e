package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lamina.console.FakeDaemon.say;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jline.reader.UserInterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.console.client.Daemon;
import org.lamina.console.command.Commands;
import org.lamina.console.command.Toolbox;
import org.lamina.console.shell.ConsoleParser;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.LineRunner;
import org.lamina.console.shell.NoKeyboard;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.shell.Vocabulary;
import org.lamina.console.view.Screen;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandRegistry;

/** A person who answers questions and presses Ctrl-C. */
@Timeout(60)
class InteractionTest {
  @TempDir Path directory;
  private FakeDaemon fake;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Interrupts interrupts = new Interrupts();
  private final Deque<String> answers = new ArrayDeque<>();
  private final StringBuilder asked = new StringBuilder();
  private LineRunner runner;

  private final InputReader person =
      new InputReader() {
        @Override
        public String readInput(String prompt) {
          asked.append(prompt).append('\n');
          String answer = answers.isEmpty() ? "^C" : answers.removeFirst();
          if (answer.equals("^C")) {
            throw new UserInterruptException("");
          }
          return answer;
        }
      };

  @BeforeEach
  void start() throws IOException {
    fake = new FakeDaemon(directory);
    Path api = Path.of("src/test/resources/api");
    fake.json("GET /v1/containers", Files.readString(api.resolve("containers.json")));
    fake.json("GET /v1/templates", Files.readString(api.resolve("templates.json")));
    Screen screen = new Screen(new PrintWriter(err, true), true, false, () -> 100);
    Daemon daemon = new Daemon(fake.socket(), Duration.ofSeconds(5), () -> {});
    Toolbox tools =
        new Toolbox(
            daemon,
            new Vocabulary(daemon, System::nanoTime),
            interrupts,
            new FakePrograms(),
            new Surroundings(screen, true));
    CommandRegistry registry =
        new CommandRegistry(
            new LinkedHashSet<>(Commands.all(tools, new NoKeyboard(), Clock.systemUTC(), "0.1.0")));
    runner = new LineRunner(new ConsoleParser(registry), registry, screen);
  }

  @AfterEach
  void stop() throws IOException {
    fake.close();
  }

  private int run(String line, String... said) {
    answers.clear();
    answers.addAll(List.of(said));
    return runner.run(line, new PrintWriter(out), person, "");
  }

  private List<String> changes() {
    return fake.requests().stream().filter(r -> !r.startsWith("GET ")).toList();
  }

  @Test
  void theWizardProposesAsksAgainAndShowsTheLine() {
    fake.operation("POST /v1/containers", 5, "DONE", 0, say("created"));
    fake.operation("POST /v1/containers/103/start?waitSeconds=120", 6, "DONE", 0, say("started"));
    int code =
        run("create", "101", "5", "", "gone", "", "-bad", "web-4.example.org", "web1", "", "y");
    assertThat(code).isZero();
    assertThat(asked.toString())
        .contains("CTID [103]: ")
        .contains("Template (debian-12) [debian-12]: ")
        .contains("Host name [ct103]: ")
        .contains("Name (- for none) [web-4]: ")
        .contains("Start it too? [y/N] ");
    assertThat(err.toString())
        .contains("container 101 exists")
        .contains("Bad CT ID 5")
        .contains("there is no built template gone")
        .contains("bad host name")
        .contains("the name web1 is taken")
        .contains(
            "container create 103 --ostemplate debian-12 --hostname web-4.example.org --name"
                + " web-4");
    assertThat(out.toString()).isEqualTo("created\nstarted\n");
    assertThat(changes()).hasSize(2);
  }

  @Test
  void ctrlCInAQuestionDoesNothing() {
    assertThat(run("create", "103", "^C")).isEqualTo(20);
    assertThat(run("destroy 102", "^C")).isEqualTo(20);
    assertThat(run("destroy 102", "yess")).isEqualTo(20);
    assertThat(err.toString()).contains("Nothing was done").contains("Nothing was destroyed");
    assertThat(changes()).isEmpty();
  }

  @Test
  void destroyShowsThePlanFirst() {
    fake.operation("DELETE /v1/containers/102", 9, "DONE", 0, say("gone"));
    assertThat(run("destroy 102", "y")).isZero();
    assertThat(asked.toString()).contains("1 container with all files will be gone. Go on? [y/N] ");
    assertThat(err.toString()).contains("/var/lib/lamina/private/102");
  }

  /** An operation that says one line and waits for the end. */
  private CountDownLatch endless(String request, long id) {
    CountDownLatch end = new CountDownLatch(1);
    fake.json(request, FakeDaemon.operationJson(id, "start", "RUNNING", -1));
    fake.json("GET /v1/operations/" + id, FakeDaemon.operationJson(id, "start", "RUNNING", -1));
    fake.on(
        "GET /v1/operations/" + id + "/events",
        c -> {
          c.stream("application/x-ndjson");
          c.raw(say("Starting container...") + "\n");
          if (end.getCount() > 0) {
            // until the person gives up, or the test says that it is over
            pressCtrlC();
          }
          end.await(20, TimeUnit.SECONDS);
          c.raw(
              "{\"type\":\"end\",\"operation\":"
                  + FakeDaemon.operationJson(id, "start", "CANCELLED", 15)
                  + "}\n");
        });
    fake.on(
        "POST /v1/operations/" + id + "/cancel",
        c -> {
          end.countDown();
          c.answer(202, "application/json", FakeDaemon.operationJson(id, "start", "RUNNING", -1));
        });
    return end;
  }

  private void pressCtrlC() {
    pressCtrlCOnce(() -> true);
  }

  private void pressCtrlCOnce(BooleanSupplier seen) {
    Thread.ofVirtual()
        .start(() -> {
          while (!seen.getAsBoolean() || !interrupts.fire()) {
            LockSupport.parkNanos(100_000);
          }
        });
  }

  @Test
  void ctrlCInWorkMayLetItGoOn() {
    endless("POST /v1/containers/102/start", 7);
    assertThat(run("start 102", "d")).isEqualTo(130);
    assertThat(asked.toString()).contains("Interrupted start 101: c cancels it");
    assertThat(err.toString()).contains("operation watch 7");
    assertThat(changes()).containsExactly("POST /v1/containers/102/start");
  }

  @Test
  void ctrlCInWorkMayCancelItAndNothingIsSaidTwice() {
    endless("POST /v1/containers/102/start", 7);
    assertThat(run("start 102", "c")).isEqualTo(15);
    assertThat(changes())
        .containsExactly("POST /v1/containers/102/start", "POST /v1/operations/7/cancel");
    assertThat(out.toString()).isEqualTo("Starting container...\n");
    assertThat(err.toString()).contains("start 101 was cancelled");
  }

  /** A roll-out that says one line; it is an operation that goes on when nobody listens. */
  @Test
  void ctrlCInARollOutMayCancelIt() {
    CountDownLatch end = endless("POST /unused", 9);
    String rollout =
        FakeDaemon.operationJson(9, "rollout", "RUNNING", -1).replace("\"101\"", "\"debian-12\"");
    fake.json("GET /v1/operations?limit=100", "[" + rollout + "]");
    fake.on(
        "POST /v1/cli/vzpkg",
        c -> {
          c.stream("application/x-lamina-frames");
          if (fake.requests().getLast().contains("plan")) {
            c.raw("o9\nthe plan\nx1\n0");
            return;
          }
          c.raw("o16\nContainer 101: x");
          // a line that is still on its way when its reader leaves is nobody's
          pressCtrlCOnce(() -> out.toString().contains("Container 101: x"));
          end.await(20, TimeUnit.SECONDS);
        });
    assertThat(run("rollout debian-12", "y", "c")).isEqualTo(15);
    assertThat(asked.toString())
        .contains("Go on? [y/N]")
        .contains("Interrupted rollout debian-12: c cancels it");
    assertThat(out.toString()).startsWith("Container 101: x");
    assertThat(err.toString()).contains("the plan");
    assertThat(changes()).contains("POST /v1/operations/9/cancel");
  }

  @Test
  void ctrlCInWorkOnManySaysWhatGoesOn() {
    endless("POST /v1/containers/101/restart", 11);
    endless("POST /v1/containers/140/restart", 12);
    assertThat(run("restart 101,140", "n")).isEqualTo(130);
    assertThat(err.toString()).contains("operation watch 1").contains("0 restarted");
    assertThat(changes()).noneMatch(r -> r.contains("cancel"));
  }

  @Test
  void ctrlCInWorkOnManyMayCancelAll() {
    endless("POST /v1/containers/101/restart", 11);
    endless("POST /v1/containers/140/restart", 12);
    assertThat(run("restart 101,140", "y")).isEqualTo(130);
    assertThat(changes()).anyMatch(r -> r.contains("cancel"));
    assertThat(err.toString()).contains("was asked to end");
  }

  @Test
  void progressIsDrawnAndWiped() {
    fake.operation(
        "POST /v1/containers/102/start",
        7,
        "DONE",
        0,
        "{\"type\":\"progress\",\"percent\":50,\"text\":\"half\"}",
        say("started"));
    assertThat(run("start 102")).isZero();
    assertThat(err.toString())
        .contains("\r\u001b[K 50% [##########          ] half")
        .endsWith("\r\u001b[K");
    assertThat(out.toString()).isEqualTo("started\n");
  }
}
