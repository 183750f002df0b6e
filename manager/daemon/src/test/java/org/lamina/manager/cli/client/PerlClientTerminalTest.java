package org.lamina.manager.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Caller;

/** enter, console and what is drawn, on a real pseudo terminal. */
@Timeout(60)
class PerlClientTerminalTest {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;

  @TempDir Path directory;
  private TestDaemon daemon;
  private Pty outer;
  private Pty inner;
  private Path log;
  private volatile Child shell;

  @BeforeEach
  void start() throws Exception {
    daemon = new TestDaemon(directory);
    outer = new Pty(40, 100).reading();
    log = directory.resolve("console.log");
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
    outer.close();
    if (inner != null) {
      inner.close();
    }
  }

  /** What enter does, with a shell of this host on a terminal of its own. */
  private int enter(Call call) {
    ExecSpec.TerminalSize size = call.caller().size();
    inner = new Pty(size.rows(), size.columns());
    call.out().outLine("entered into CT 101");
    shell =
        inner.spawn(
            Map.of("PATH", "/usr/bin:/bin", "TERM", call.caller().term(), "PS1", "in$ "),
            "/bin/sh");
    int code =
        call.caller().enter(shell.with(Kernel.linux().files().duplicate(inner.master.number())));
    call.out().outLine("exited from CT 101");
    return code;
  }

  private void awaitRaw(boolean raw) throws Exception {
    for (int i = 0; i < 500 && outer.settings().contains("-icanon") != raw; i++) {
      Thread.sleep(10);
    }
    assertThat(outer.settings().contains("-icanon")).isEqualTo(raw);
    assertThat(outer.settings().contains("-isig")).isEqualTo(raw);
    assertThat(outer.settings().contains(" -echo ")).isEqualTo(raw);
  }

  @Test
  void enter_isATerminalOfItsOwn() throws Exception {
    daemon.body = this::enter;
    String before = outer.settings();
    Child client = ClientRun.on(outer, daemon.socket, "vzctl", "enter", "101");
    outer.await("entered into CT 101\r\nin$ ");
    awaitRaw(true);
    outer.type("stty size; echo $TERM; tty\n");
    outer.await("\r\n40 100\r\nxterm\r\n" + inner.slave);
    outer.type("sleep 60\n");
    Thread.sleep(200);
    outer.type("\u0003");
    outer.type("echo st$?\n");
    outer.await("st130");
    outer.resize(50, 132);
    Thread.sleep(300);
    outer.type("stty size\n");
    outer.await("50 132\r\n");
    outer.type("exit 6\n");
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isEqualTo(6);
    outer.await("exited from CT 101\r\n");
    outer.resize(40, 100);
    assertThat(outer.settings()).isEqualTo(before);
  }

  @Test
  void theTerminal_isRestoredWhenTheClientIsTerminated() throws Exception {
    daemon.body = this::enter;
    Child client = ClientRun.on(outer, daemon.socket, "vzctl", "enter", "101");
    outer.await("in$ ");
    awaitRaw(true);
    client.signal(15);
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isEqualTo(143);
    awaitRaw(false);
  }

  @Test
  void theTerminal_isRestoredWhenTheDaemonDies() throws Exception {
    daemon.body = this::enter;
    Child client = ClientRun.on(outer, daemon.socket, "vzctl", "enter", "101");
    outer.await("in$ ");
    awaitRaw(true);
    daemon.die();
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isEqualTo(3);
    awaitRaw(false);
    outer.await("laminad went away");
  }

  @Test
  void answersOfTheTerminal_doNotReachTheCallersShell() throws Exception {
    daemon.body = this::enter;
    Path typed = directory.resolve("typed");
    String script =
        "perl "
            + ClientRun.CLIENT
            + " vzctl enter 101; stty -icanon min 0 time 3; dd bs=1 count=9 of="
            + typed
            + " 2>/dev/null; echo over";
    outer.spawn(
        Map.of("LAMINA_SOCKET", daemon.socket.toString(), "PATH", "/usr/bin:/bin"),
        "/bin/sh",
        "-c",
        script);
    outer.await("in$ ");
    awaitRaw(true);
    // The answers arrive while the client looks away and the session ends.
    try (Fd client = Kernel.linux().processes().pidfd(daemon.clientPid)) {
      Kernel.linux().processes().signal(client, SIGSTOP);
      outer.type("\u001b[?1;2c".repeat(400));
      shell.signal(9);
      assertThat(shell.exit().get(10, TimeUnit.SECONDS)).isEqualTo(137);
      Thread.sleep(200);
      Kernel.linux().processes().signal(client, SIGCONT);
    }
    outer.await("over");
    assertThat(typed).hasSize(0);
  }

  /** What console does: keys to a terminal, output by its log. */
  private int console(Call call) {
    inner = new Pty(24, 80).reading();
    try (Caller.Session session =
        call.caller().showConsole(inner.master, log, n -> outerNote("signal " + n))) {
      call.caller().gone().join();
      assertThat(session).isNotNull();
    }
    return 0;
  }

  private void outerNote(String text) {
    try {
      Files.writeString(log, text + "\n", StandardOpenOption.APPEND);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void console_followsTheLogThroughRotation() throws Exception {
    daemon.body = this::console;
    StringBuilder old = new StringBuilder();
    for (int i = 1; i <= 3000; i++) {
      old.append("line ").append(i).append("\r\n");
    }
    Files.writeString(log, old + "login: ");
    Child client = ClientRun.on(outer, daemon.socket, "vzctl", "console", "101");
    outer.await("line 3000\r\nlogin: ");
    assertThat(outer.printed()).doesNotContain("line 2900\r").startsWith("line 2962\r");
    outerNote("more");
    outer.await("login: more");
    Files.writeString(log, "last of the old\n", StandardOpenOption.APPEND);
    Files.move(log, directory.resolve("console.log.1"));
    Files.writeString(log, "first of the new\n");
    outer.await("first of the new");
    assertThat(outer.printed()).contains("last of the old");
    Files.writeString(log, "");
    Thread.sleep(200);
    outerNote("after a cut");
    outer.await("after a cut");
    outer.type("root\r");
    Thread.sleep(200);
    assertThat(inner.settings()).contains("rows 40; columns 100");
    outer.type("x\u001b.y\r\u001b[A\r\u001b!");
    outer.await("signal 9");
    assertThat(daemon.signals).containsExactly(9);
    outer.type("last\r\u001b.");
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isZero();
    outer.await("Detached from the console");
    awaitRaw(false);
    for (String typed : List.of("root", "x^[.y", "^[[A", "last")) {
      inner.await(typed);
    }
  }

  @Test
  void console_withoutATerminalShowsWhatThereIs() throws Exception {
    daemon.body = this::console;
    Files.writeString(log, "boot\r\nlogin: ");
    ClientRun.Result result = ClientRun.run(daemon.socket, new byte[0], "vzctl", "console", "101");
    assertThat(result.out()).isEqualTo("boot\r\nlogin: ");
    assertThat(result.code()).isZero();
  }

  @Test
  void progress_isDrawnOnATerminalAndErased() throws Exception {
    daemon.body =
        call -> {
          call.out().progress(42, "unpacking " + "x".repeat(200));
          call.out().progress(-1, "waiting 100% %s");
          call.out().out("done\n");
          return 0;
        };
    Child client = ClientRun.on(outer, daemon.socket, "vzpkg", "create", "cache", "debian-12");
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isZero();
    outer.await("done\r\n");
    assertThat(outer.printed())
        .startsWith("\r\u001b[K  42% unpacking " + "x".repeat(83) + "\r\u001b[K")
        .endsWith("\r\u001b[K  ... waiting 100% %s\r\u001b[Kdone\r\n");
  }

  @Test
  void progress_isNotDrawnOnADumbTerminal() throws Exception {
    daemon.body =
        call -> {
          call.out().progress(42, "unpacking");
          return 0;
        };
    Child client =
        ClientRun.on(outer, daemon.socket, Map.of("TERM", "dumb"), "vzpkg", "create", "cache", "x");
    assertThat(client.exit().get(10, TimeUnit.SECONDS)).isZero();
    assertThat(outer.printed()).isEmpty();
  }
}
