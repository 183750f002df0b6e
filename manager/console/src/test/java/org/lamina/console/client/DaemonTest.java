package org.lamina.console.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.console.FakeDaemon;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class DaemonTest {
  @TempDir Path directory;
  private FakeDaemon fake;
  private Daemon daemon;
  private final AtomicInteger waits = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    fake = new FakeDaemon(directory);
    daemon = new Daemon(fake.socket(), Duration.ofSeconds(5), waits::incrementAndGet);
  }

  @AfterEach
  void stop() throws IOException {
    fake.close();
  }

  private static void fails(ThrowingCallable call, ExitCode code, String message, String hint) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.text()).contains(message);
              assertThat(e.hint().orElse("")).contains(hint);
            });
  }

  @Test
  void readsWhatItKnowsAndLeavesTheRest() {
    fake.json(
        "GET /v1/containers",
        "[{\"ctid\":101,\"template\":\"debian-12\",\"generation\":0,\"status\":\"running\","
            + "\"ready\":true,\"somethingNew\":{\"a\":[1]},\"limits\":{\"ram\":-1},"
            + "\"usage\":{\"processes\":7,\"memory\":1024,\"cpuSeconds\":0.5}}]");
    ContainerInfo c = daemon.containers().getFirst();
    assertThat(c.ctid()).isEqualTo(101);
    assertThat(c.name()).isNull();
    assertThat(c.running()).isTrue();
    assertThat(c.limits().ram()).isEqualTo(-1);
    assertThat(c.usage().processes()).isEqualTo(7);
  }

  @Test
  void theDaemonsOwnErrorIsKept() {
    fake.error("GET /v1/operations/7", 400, "there is no operation 7", 21, "Look again.");
    fails(
        () -> daemon.operation(7),
        ExitCode.BAD_PARAMETER,
        "there is no operation 7",
        "Look again.");
  }

  @Test
  void aCodeOfALaterReleaseIsASystemError() {
    fake.error("GET /v1/host", 500, "new trouble", 250, null);
    fails(daemon::host, ExitCode.SYSTEM, "new trouble", "");
  }

  @Test
  void whatTheDaemonDoesNotKnowPointsAtItsRelease() {
    fails(() -> daemon.get("/v1/new"), ExitCode.SYSTEM, "laminad does not know /v1/new", "release");
  }

  @Test
  void nobodyThere() throws IOException {
    fake.stop();
    fails(
        daemon::containers,
        ExitCode.NO_HOST_CONFIG,
        "laminad is not running",
        "systemctl start laminad");
  }

  @Test
  void aDaemonThatEndsInTheMiddle() {
    fake.on("GET /v1/host", c -> c.raw("HTTP/1.1 200 \r\nContent-Length: 1000\r\n\r\n{\"vers"));
    fails(daemon::host, ExitCode.SYSTEM, "laminad went away", "Containers keep running");
    fake.on("GET /v1/host", c -> c.channel().close());
    fails(daemon::host, ExitCode.SYSTEM, "laminad went away", "Containers keep running");
  }

  @Test
  void anAnswerThatIsNoJson() {
    fake.json("GET /v1/host", "<html>");
    fails(daemon::host, ExitCode.SYSTEM, "cannot read", "different releases");
  }

  @Test
  void somethingElseOnTheSocket() {
    fake.on("GET /v1/host", c -> c.raw("SSH-2.0-OpenSSH\r\n\r\n"));
    fails(daemon::host, ExitCode.SYSTEM, "not HTTP", "");
  }

  @Test
  void aRestartIsWaitedFor() throws Exception {
    fake.json("GET /v1/containers", "[]");
    assertThat(daemon.containers()).isEmpty();
    fake.stop();
    Thread starter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Thread.sleep(400);
                fake.start();
              } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(daemon.containers()).isEmpty();
    starter.join();
    assertThat(waits).hasValue(1);
  }

  @Test
  void eventsComeAsTheyHappenAndCloseEndsTheWait() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    fake.on(
        "GET /v1/operations/5/events",
        c -> {
          c.stream("application/x-ndjson");
          c.raw("{\"type\":\"say\",\"text\":\"one\"}\n");
          second.await(5, TimeUnit.SECONDS);
          c.raw("{\"type\":\"progress\",\"percent\":40,\"text\":\"two\"}\n");
          Thread.sleep(60_000);
        });
    try (EventStream<OperationEvent> events = daemon.events(5)) {
      assertThat(events.next().orElseThrow().line()).isEqualTo("one");
      second.countDown();
      assertThat(events.next().orElseThrow().percent()).isEqualTo(40);
      Thread.ofVirtual()
          .start(() -> {
            try {
              Thread.sleep(100);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            events.close();
          });
      assertThat(events.next()).isEmpty();
    }
  }

  @Test
  void halfALineIsNoEvent() {
    fake.on(
        "GET /v1/operations/5/events",
        c -> {
          c.stream("application/x-ndjson");
          c.raw("{\"type\":\"say\",\"te");
        });
    try (EventStream<OperationEvent> events = daemon.events(5)) {
      assertThat(events.next()).isEmpty();
    }
  }

  @Test
  void framesBecomeTextAndACode() throws IOException {
    StringBuilder heard = new StringBuilder();
    String frames = "o5\nabc\nde2\n!\np6\n50 abcz3\nnewx2\n14";
    int code = Scripted.frames(bytes(frames), listener(heard));
    assertThat(code).isEqualTo(14);
    assertThat(heard).hasToString("out(abc\nd)err(!\n)50%(abc)");
  }

  @Test
  void brokenFramesAreErrors() {
    StringBuilder heard = new StringBuilder();
    for (String broken : List.of("", "o5\nabc", "ox\n", "o9999999999\n", "o3")) {
      assertThatThrownBy(() -> Scripted.frames(bytes(broken), listener(heard)))
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Scripted.frames(bytes("o2\nhi"), listener(heard)))
        .isInstanceOf(EOFException.class);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Scripted.Listener listener(StringBuilder heard) {
    return new Scripted.Listener() {
      @Override
      public void out(String text) {
        heard.append("out(").append(text).append(')');
      }

      @Override
      public void err(String text) {
        heard.append("err(").append(text).append(')');
      }

      @Override
      public void progress(int percent, String message) {
        heard.append(percent).append("%(").append(message).append(')');
      }
    };
  }

  @Test
  void scriptedCommandsGetTheirWordsAsTheyAre() {
    fake.on(
        "POST /v1/cli/vzctl",
        c -> {
          c.stream("application/x-lamina-frames");
          c.raw("o3\nok\nx1\n0");
        });
    StringBuilder heard = new StringBuilder();
    int code =
        daemon.scripted().run("vzctl", List.of("set", "101", "", "a b", "ü"), listener(heard));
    assertThat(code).isZero();
    assertThat(heard).hasToString("out(ok\n)");
    assertThat(fake.requests())
        .containsExactly("POST /v1/cli/vzctl set|101||a b|ü|".replace('|', (char) 0));
  }
}
