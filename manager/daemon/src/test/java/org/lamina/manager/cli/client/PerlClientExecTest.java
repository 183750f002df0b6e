package org.lamina.manager.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Caller;

/** Commands that run on the client's own descriptors. */
@Timeout(120)
class PerlClientExecTest {
  @TempDir Path directory;
  private TestDaemon daemon;
  private final BlockingQueue<Child> inside = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    daemon = new TestDaemon(directory);
    daemon.body = this::exec;
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
  }

  /** What exec does, with a process of this host standing for one inside. */
  private int exec(Call call) {
    Child child;
    try (Caller.Taken taken = call.caller().takeStdio()) {
      child =
          new Child(
              Kernel.linux()
                  .processes()
                  .spawn(
                      new ProcessCalls.Program(
                          List.of("/bin/sh", "-c", call.args().getLast()),
                          Map.of("PATH", "/usr/bin:/bin"),
                          List.of(taken.stdio().in(), taken.stdio().out(), taken.stdio().err()),
                          null)));
    }
    inside.add(child);
    return call.caller().attach(child);
  }

  private ClientRun.Result run(byte[] input, String command) throws Exception {
    return ClientRun.run(daemon.socket, input, "vzctl", "exec2", "101", command);
  }

  private ClientRun.Result bash(String script) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", script);
    shell.environment().put("LAMINA_SOCKET", daemon.socket.toString());
    shell.environment().put("X", "perl " + ClientRun.CLIENT + " vzctl exec2 101");
    return ClientRun.finish(shell.start(), new byte[0]);
  }

  @Test
  void bytes_passUnchanged() throws Exception {
    byte[] input = new byte[300_000];
    new Random(7).nextBytes(input);
    ClientRun.Result result = run(input, "cat; echo err >&2; exit 7");
    assertThat(result.out().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(input);
    assertThat(result.err()).isEqualTo("err\n");
    assertThat(result.code()).isEqualTo(7);
  }

  @Test
  void aHundredMegabytes_passWithoutTouchingTheClient() throws Exception {
    ClientRun.Result result =
        bash(
            """
            head -c 104857600 /dev/urandom > $TMP
            cksum < $TMP
            $X 'cat; cat /proc/$PPID/stat >/dev/null' < <(cat $TMP) | cksum
            cat $TMP | $X cat > $TMP.out; cksum < $TMP.out
            """
                .replace("$TMP", directory.resolve("big").toString()));
    List<String> sums = result.out().lines().toList();
    assertThat(result.err()).isEmpty();
    assertThat(sums).hasSize(3);
    assertThat(sums.get(0)).endsWith("104857600");
    assertThat(sums).containsOnly(sums.get(0));
  }

  @Test
  void theClient_movesNoneOfIt() throws Exception {
    Process process =
        ClientRun.builder(
                daemon.socket, "vzctl", "exec2", "101", "head -c 50000000 /dev/zero; read x")
            .start();
    byte[] all = process.getInputStream().readNBytes(50_000_000);
    assertThat(all).hasSize(50_000_000);
    String io = Files.readString(Path.of("/proc/" + process.pid() + "/io"));
    long read = Long.parseLong(io.lines().findFirst().orElseThrow().split(" ")[1]);
    assertThat(read).isLessThan(1_000_000);
    process.getOutputStream().close();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closedPipes_reachTheInside() throws Exception {
    assertThat(bash("$X 'exec yes' | head -n 1; echo ${PIPESTATUS[0]}").out())
        .isEqualTo("y\n141\n");
    assertThat(bash("sleep 0.1 | $X 'cat; echo end'").out()).isEqualTo("end\n");
    assertThat(bash("$X 'wc -c' </dev/null").out().strip()).isEqualTo("0");
    assertThat(bash("$X 'cat; echo done' <&- >&2 2>/dev/null; echo $?").out()).isEqualTo("0\n");
  }

  @Test
  void endOfOutput_reachesTheReaderBeforeTheCommandEnds() throws Exception {
    assertThat(
            bash("{ $X 'echo a; exec >&-; read x < "
                    + directory
                    + "/fifo' 2>/dev/null; } | cat; echo closed > "
                    + directory
                    + "/fifo")
                .out())
        .isEqualTo("a\n");
  }

  @Test
  void signals_arePassedOn() throws Exception {
    for (int signal : new int[] {1, 3, 15}) {
      assertThat(signalled("trap 'exit " + (40 + signal) + "' " + signal, signal))
          .isEqualTo(40 + signal);
    }
    assertThat(signalled("true", 15)).isEqualTo(143);
    // After Ctrl-C the client dies of the signal, so that a shell's loop ends.
    assertThat(signalled("trap 'exit 5' 2", 2)).isEqualTo(130);
    assertThat(signalled("trap 'exit 0' 2", 2)).isZero();
    assertThat(daemon.signals).containsExactly(1, 3, 15, 15, 2, 2);
  }

  private int signalled(String trap, int signal) throws Exception {
    Process process =
        ClientRun.builder(
                daemon.socket,
                "vzctl",
                "exec2",
                "101",
                trap + "; echo ready; while :; do sleep 0.02; done")
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    Thread.sleep(100); // the frame that makes the client catch signals follows the process
    Kernel.linux()
        .processes()
        .signal(Kernel.linux().processes().pidfd((int) process.pid()), signal);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void aKilledClient_takesItsCommandWithIt() throws Exception {
    Process process =
        ClientRun.builder(
                daemon.socket, "vzctl", "exec2", "101", "trap '' 1; echo up; exec sleep 60")
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("up");
    process.destroyForcibly();
    assertThat(inside.take().exit().get(10, TimeUnit.SECONDS)).isEqualTo(137);
  }

  @Test
  void terminals_areRelayedByPipes() throws Exception {
    try (Pty pty = new Pty(24, 80).reading()) {
      Child client =
          ClientRun.on(
              pty,
              daemon.socket,
              "vzctl",
              "exec2",
              "101",
              "for n in 0 1 2; do [ -t $n ] && echo tty$n; done; echo go; cat; echo E >&2; exit 9");
      pty.await("go\r\n");
      pty.type("hello\n");
      pty.await("hello\r\nhello\r\n");
      pty.type("\u0004");
      assertThat(client.exit().get(10, TimeUnit.SECONDS)).isEqualTo(9);
      pty.await("E\r\n");
      assertThat(pty.printed()).doesNotContain("tty");
    }
  }

  @Test
  void controlC_onATerminalInterruptsTheInside() throws Exception {
    try (Pty pty = new Pty(24, 80).reading()) {
      Child client =
          ClientRun.on(pty, daemon.socket, "vzctl", "exec2", "101", "echo go; exec sleep 60");
      pty.await("go");
      Thread.sleep(100);
      pty.type("\u0003");
      assertThat(client.exit().get(10, TimeUnit.SECONDS)).isEqualTo(130);
      assertThat(inside.take().exit().join()).isEqualTo(130);
    }
  }

  @Test
  void outputWaiting_isNotLostWhenTheCommandEnds() throws Exception {
    try (Pty pty = new Pty(24, 80).reading()) {
      Child client =
          ClientRun.on(pty, daemon.socket, "vzctl", "exec2", "101", "seq 20000; (sleep 5 &)");
      assertThat(client.exit().get(10, TimeUnit.SECONDS)).isZero();
      pty.await("\n20000\r\n");
    }
  }

  @Test
  void aPasteLongerThanThePipe_doesNotBlockTheOutput() throws Exception {
    try (Pty pty = new Pty(24, 80).reading()) {
      Child client =
          ClientRun.on(
              pty, daemon.socket, "vzctl", "exec2", "101", "echo go; sleep 0.3; echo out; wc -c");
      pty.await("go");
      String line = "x".repeat(1000) + "\n";
      for (int i = 0; i < 100; i++) {
        pty.type(line);
        Thread.sleep(2);
      }
      pty.await("out\r\n");
      pty.type("\u0004");
      pty.await("100100\r\n");
      assertThat(client.exit().get(10, TimeUnit.SECONDS)).isZero();
    }
  }
}
