package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys go in at one end of a terminal and what is drawn comes out at the other. */
@Timeout(120)
class TerminalConsoleTest {
  @TempDir Path directory;
  private FakeDaemon fake;
  private Terminal terminal;
  private OutputStream keys;
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private CompletableFuture<Integer> code;
  private int seen;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeDaemon(directory);
    Path api = Path.of("src/test/resources/api");
    fake.json("GET /v1/containers", Files.readString(api.resolve("containers.json")));
    fake.json(
        "GET /v1/host",
        "{\"version\":\"0.1.0\",\"kernel\":\"6\",\"pid\":1,\"containers\":3,\"running\":2}");
    PipedOutputStream writer = new PipedOutputStream();
    keys = writer;
    terminal =
        new ExternalTerminal(
            "test", "xterm", new PipedInputStream(writer, 65_536), screen, StandardCharsets.UTF_8);
    terminal.setSize(new Size(100, 30));
    Settings settings = new Settings(fake.socket(), directory.resolve("history"), false, "0.1.0");
    code =
        CompletableFuture.supplyAsync(
            () -> TerminalConsole.run(Arguments.of(new String[0]), settings, terminal));
    await("lamina> ");
  }

  @AfterEach
  void stop() throws IOException {
    terminal.close();
    fake.close();
  }

  private void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private String drawn() {
    return screen.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "");
  }

  /** Waits for a text behind the one that was last waited for. */
  private void await(String text) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (drawn().indexOf(text, seen) < 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not drawn: " + text + "\n" + drawn().substring(seen));
      }
      pause();
    }
    seen = drawn().indexOf(text, seen) + text.length();
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private int end() throws Exception {
    return code.get(60, TimeUnit.SECONDS);
  }

  @Test
  void completesRunsAndLeavesWithTheLastCode() throws Exception {
    type("sho\t140\r");
    await("web3.example.org");
    await("lamina> ");
    type("show 999\r");
    await("there is no container 999");
    await("lamina [14]> ");
    type("exit\r");
    assertThat(end()).isEqualTo(14);
  }

  @Test
  void ctrlCGivesUpALineAndCtrlDLeaves() throws Exception {
    type("destroy all");
    await("all");
    type("\u0003");
    await("lamina> ");
    type("ls -o ctid\r");
    await("140");
    await("lamina> ");
    type("\u0004");
    assertThat(end()).isZero();
    assertThat(fake.requests()).noneMatch(r -> r.startsWith("DELETE"));
  }

  @Test
  void linesAreKeptForTheNextRunButPasswordsAreNot() throws Exception {
    type("ls -o ctid,name\r");
    await("web3");
    await("lamina> ");
    type("set 101 --userpasswd root:secret\r");
    await("laminad does not know");
    await("lamina [3]> ");
    type("exit\r");
    assertThat(end()).isEqualTo(3);
    Path history = directory.resolve("history");
    assertThat(Files.readString(history)).contains("ls -o ctid,name").doesNotContain("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
        .isEqualTo("rw-------");
  }
}
