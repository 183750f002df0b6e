package org.lamina.manager.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** What the client does without a session: text, codes, files, and failures of the daemon. */
@Timeout(60)
class PerlClientTest {
  private static final byte[] NO_INPUT = {};

  @TempDir Path directory;
  private TestDaemon daemon;

  @BeforeEach
  void start() throws Exception {
    daemon = new TestDaemon(directory);
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
  }

  private ClientRun.Result run(String... args) throws Exception {
    return ClientRun.run(daemon.socket, NO_INPUT, args);
  }

  private static String frame(String kind, String payload) {
    return kind + payload.getBytes(StandardCharsets.UTF_8).length + "\n" + payload;
  }

  private void answer(String head, String... parts) {
    daemon.raw =
        out -> {
          out.write(head.getBytes(StandardCharsets.UTF_8));
          for (String part : parts) {
            out.write(part.getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
        };
  }

  @Test
  void arguments_arriveAsTheyAre() throws Exception {
    List<String> seen = new ArrayList<>();
    daemon.body =
        call -> {
          seen.addAll(call.args());
          return 0;
        };
    assertThat(run("vzctl", "exec", "101", "", "a b", "ü;$(x)\n\t'\"\\", "%s", "-").code())
        .isZero();
    assertThat(seen).containsExactly("exec", "101", "", "a b", "ü;$(x)\n\t'\"\\", "%s", "-");
    assertThat(daemon.requests.getFirst()).isEqualTo("POST /v1/cli/vzctl HTTP/1.0");
  }

  @Test
  void theProgram_isTheNameItWasCalledBy() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("vzlist"), ClientRun.CLIENT);
    ProcessBuilder builder = new ProcessBuilder(link.toString(), "-a");
    builder.environment().put("LAMINA_SOCKET", daemon.socket.toString());
    assertThat(ClientRun.finish(builder.start(), NO_INPUT).code()).isZero();
    assertThat(daemon.requests.getFirst()).contains("/v1/cli/vzlist");
  }

  /** What stands behind the end is compiled for those who need it only; here it cannot be. */
  @Test
  void aPlainCommand_compilesHalfOfTheProgram() throws Exception {
    Path broken = directory.resolve("vzlist");
    String program = Files.readString(ClientRun.CLIENT);
    Files.writeString(broken, program.replaceFirst("(?s)\\n__END__\\n.*", "\n__END__\n(\n"));
    daemon.body =
        call -> {
          call.out().progress(10, "never drawn without a terminal");
          call.out().out("one\n");
          return 9;
        };
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/perl", broken.toString(), "-a");
    builder.environment().put("LAMINA_SOCKET", daemon.socket.toString());
    assertThat(ClientRun.finish(builder.start(), NO_INPUT))
        .isEqualTo(new ClientRun.Result(9, "one\n", ""));
    builder.environment().put("LAMINA_SOCKET", "/nowhere");
    assertThat(ClientRun.finish(builder.start(), NO_INPUT).err())
        .contains("syntax error", "behind __END__");
  }

  @Test
  void text_andCodeArePassedOn() throws Exception {
    daemon.body =
        call -> {
          call.out().out("one\n");
          call.out().err("two\n");
          call.out().progress(10, "never drawn without a terminal");
          call.out().out("x".repeat(300_000));
          return 133;
        };
    ClientRun.Result result = run("vzctl", "status", "101");
    assertThat(result.code()).isEqualTo(133);
    assertThat(result.out()).isEqualTo("one\n" + "x".repeat(300_000));
    assertThat(result.err()).isEqualTo("two\n");
  }

  @Test
  void frames_mayComeInAnyPieces() throws Exception {
    String all = frame("o", "a\nb") + frame("e", "ü") + frame("o", "x5\n") + frame("x", "7");
    answer("HTTP/1.1 200 \r\nX: y\r\n\r\n", all.split(""));
    ClientRun.Result result = run("vzctl", "x");
    assertThat(result.out()).isEqualTo("a\nbx5\n");
    assertThat(result.err()).isEqualTo("ü");
    assertThat(result.code()).isEqualTo(7);
  }

  @Test
  void aDaemonThatGoesAway_isSaid() throws Exception {
    answer("HTTP/1.1 200 \r\n\r\n", frame("o", "some\n"));
    ClientRun.Result result = run("vzctl", "start", "101");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).isEqualTo("some\n");
    assertThat(result.err()).startsWith("laminad went away before the command had ended\n");
  }

  @Test
  void otherAnswers_areFailures() throws Exception {
    answer("HTTP/1.1 403 \r\n\r\n{\"message\":\"user 33 is no member\"}");
    ClientRun.Result result = run("vzlist");
    assertThat(result.code()).isEqualTo(12);
    assertThat(result.err()).contains("user 33 is no member").contains("group lamina");
    answer("HTTP/1.1 500 \r\n\r\nx");
    assertThat(run("vzlist").code()).isEqualTo(3);
    answer("");
    assertThat(run("vzlist").code()).isEqualTo(3);
  }

  @Test
  void noDaemon_is10AndTeaches() throws Exception {
    Path nowhere = directory.resolve("nowhere.sock");
    ClientRun.Result result = ClientRun.run(nowhere, NO_INPUT, "vzctl", "start", "101");
    assertThat(result.code()).isEqualTo(ExitCode.NO_HOST_CONFIG.code());
    assertThat(result.err())
        .startsWith("laminad is not running: cannot connect to " + nowhere + ": ")
        .contains("systemctl start laminad");
    daemon.die();
    assertThat(run("vzlist").code()).isEqualTo(10);
  }

  @Test
  void aSocketThatMayNotBeUsed_is12() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(daemon.socket, PosixFilePermissions.fromString("---------"));
    ProcessBuilder builder = ClientRun.builder(daemon.socket, "vzlist");
    if (KernelPort.uidOf(ProcessHandle.current().pid()) == 0) {
      Path copy = Files.createTempFile(Path.of("/tmp"), "client", ".pl");
      try {
        Files.write(copy, Files.readAllBytes(ClientRun.CLIENT));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r--r--r--"));
        builder.command(
            "setpriv", "--reuid=65534", "--clear-groups", "perl", copy.toString(), "vzlist");
        builder.environment().put("LAMINA_SOCKET", daemon.socket.toString());
        assertRefused(ClientRun.finish(builder.start(), NO_INPUT));
      } finally {
        Files.delete(copy);
      }
    } else {
      assertRefused(ClientRun.finish(builder.start(), NO_INPUT));
    }
  }

  private static void assertRefused(ClientRun.Result result) {
    assertThat(result.err()).contains("group lamina");
    assertThat(result.code()).isEqualTo(ExitCode.PERMISSION_DENIED.code());
  }

  @Test
  void aReaderThatGoesAway_endsTheClient() throws Exception {
    daemon.body =
        call -> {
          for (int i = 0; i < 200; i++) {
            call.out().out("x".repeat(10_000));
          }
          return 0;
        };
    ProcessBuilder shell =
        new ProcessBuilder(
            "bash",
            "-c",
            "perl " + ClientRun.CLIENT + " vzlist | head -c 1; echo ${PIPESTATUS[0]}");
    shell.environment().put("LAMINA_SOCKET", daemon.socket.toString());
    assertThat(ClientRun.finish(shell.start(), NO_INPUT).out()).isEqualTo("x141\n");
  }

  @Test
  void aFullDisk_isAFailure() throws Exception {
    daemon.body =
        call -> {
          call.out().out("x\n");
          return 0;
        };
    ProcessBuilder builder = ClientRun.builder(daemon.socket, "vzlist");
    builder.redirectOutput(Path.of("/dev/full").toFile());
    ClientRun.Result result = ClientRun.finish(builder.start(), NO_INPUT);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("cannot write the output: No space left on device");
  }

  @Test
  void aScript_isOpenedByTheClient() throws Exception {
    Path script = Files.writeString(directory.resolve("a script.sh"), "echo hi\n");
    daemon.body =
        call -> {
          try (Fd file = call.caller().takeFile()) {
            call.out()
                .out(new String(Kernel.linux().files().read(file, 100), StandardCharsets.UTF_8));
          }
          return 0;
        };
    assertThat(run("vzctl", "--quiet", "runscript", "101", script.toString()).out())
        .isEqualTo("echo hi\n");
    ClientRun.Result missing = run("vzctl", "runscript", "101", directory + "/nothing");
    assertThat(missing.code()).isEqualTo(21);
    assertThat(missing.err()).contains("cannot read the script");
    assertThat(run("vzctl", "runscript", "101", directory.toString()).code()).isEqualTo(21);
  }

  @Test
  void aBackup_isANewFileOfTheCaller() throws Exception {
    Path file = directory.resolve("b.zip");
    daemon.body =
        call -> {
          try (Fd target = call.caller().takeFile();
              OutputStream out = Files.newOutputStream(Path.of(target.procPath()))) {
            out.write("zip".getBytes(StandardCharsets.US_ASCII));
          }
          return 0;
        };
    assertThat(run("lamina", "backup", file.toString()).code()).isZero();
    assertThat(file).hasContent("zip");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Path second = directory.resolve("second.zip");
    assertThat(run("lamina", "backup", second.toString(), "-j").code()).isZero();
    assertThat(second).hasContent("zip");
    ClientRun.Result again = run("lamina", "backup", file.toString());
    assertThat(again.code()).isEqualTo(21);
    assertThat(again.err()).contains("File exists");
    assertThat(file).hasContent("zip");
    daemon.body =
        call -> {
          throw new LaminaException(ExitCode.DISK_FULL, "full");
        };
    assertThat(run("lamina", "backup", directory + "/c.zip").code()).isEqualTo(46);
    assertThat(directory.resolve("c.zip")).doesNotExist();
  }

  @Test
  void interruptingAnOperation_endsTheClientOnly() throws Exception {
    daemon.body =
        call -> {
          CompletableFuture<Void> gone = call.caller().gone();
          call.out().progress(10, "working");
          call.out().out("going\n");
          gone.join();
          daemon.signals.add(0);
          return 0;
        };
    Process process = ClientRun.builder(daemon.socket, "vzpkg", "create", "cache", "x").start();
    assertThat(process.inputReader().readLine()).isEqualTo("going");
    Kernel.linux().processes().signal(Kernel.linux().processes().pidfd((int) process.pid()), 2);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(process.errorReader().readLine()).contains("lamina operations");
    while (daemon.signals.isEmpty()) {
      Thread.sleep(5);
    }
  }

  @Test
  void unicodeSettingsOfPerl_changeNothing() throws Exception {
    List<String> seen = new ArrayList<>();
    daemon.body =
        call -> {
          seen.addAll(call.args());
          call.out().out("ü\n");
          return 0;
        };
    ProcessBuilder builder = ClientRun.builder(daemon.socket, "vzctl", "ü");
    builder.environment().put("PERL_UNICODE", "SDA");
    ClientRun.Result result = ClientRun.finish(builder.start(), NO_INPUT);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out().getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo("ü\n".getBytes(StandardCharsets.UTF_8));
    assertThat(seen).containsExactly("ü");
  }

  @Test
  void itLoadsNoModule() throws Exception {
    assertThat(Files.readString(ClientRun.CLIENT))
        .doesNotContainPattern("(?m)^\\s*(use|require)\\b");
  }
}
