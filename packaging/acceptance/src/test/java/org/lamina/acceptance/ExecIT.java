package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/** Commands inside: words, bytes, exit codes and signals pass through exactly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int MANY = 50;

  @TempDir Path directory;
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 501, "debian-12", "--name", "box").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @ParameterizedTest
  @CsvSource({
    "exec,  true,        0",
    "exec,  exit 1,      8",
    "exec,  exit 255,    8",
    "exec,  kill -9 $$,  8",
    "exec2, true,        0",
    "exec2, exit 1,      1",
    "exec2, exit 8,      8",
    "exec2, exit 255,  255",
    "exec2, kill -9 $$, 137",
    "exec2, kill -TERM $$, 143",
    "exec2, /no/such/program, 127",
    "exec2, /etc/passwd, 126",
    "exec3, true,      0",
    "exec3, false,       1",
    "exec3, /no/such/program, 127",
    "exec3, /etc/passwd, 126",
  })
  void exitCodes(String command, String code, int expected) {
    guest.vzctl(command, code).ended(expected);
  }

  @Test
  void argumentsAreJoinedForTheShell() {
    assertThat(
            guest
                .vzctl("exec", "echo", "a", "", "b   c", "$((6*7))", "|", "tr", "a", "x")
                .ok()
                .stdout())
        .isEqualTo("x  b c 42\n");
    assertThat(guest.vzctl("exec", "printf", "'%s|'", "a", "", "'b  c'").ok().stdout())
        .isEqualTo("a||b  c|");
    assertThat(guest.vzctl("exec", "echo", "--help", "-n").ok().stdout()).isEqualTo("--help -n\n");
    assertThat(guest.vzctl("exec", "for i in 1 2\ndo echo $i\ndone").ok().stdout())
        .isEqualTo("1\n2\n");
    guest.vzctl("exec").ended(ExitCode.USAGE);
    guest.vzctl("exec2").ended(ExitCode.USAGE);
  }

  @Test
  void exec3PassesWordsUntouched() {
    List<String> words =
        List.of(
            "", " ", "$HOME", "`id`", "a\nb", "\\", "'", "\"", "*", "é\u4e16", "--", "-x", "%s");
    List<String> all = new ArrayList<>(List.of("printf", "<%s>"));
    all.addAll(words);
    assertThat(guest.vzctl("exec3", all.toArray(String[]::new)).ok().stdout())
        .isEqualTo("<" + String.join("><", words) + ">");
    String big = "x".repeat(100_000);
    assertThat(guest.vzctl("exec3", "printf", "%s", big).ok().stdout()).isEqualTo(big);
  }

  @Test
  void theShellIsBashWithoutAnArgumentOfItsOwn() {
    assertThat(guest.vzctl("exec", "echo ${BASH_VERSION%%.*} $#").ok().text()).isEqualTo("5 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec", "exec2", "exec3"})
  void dashReadsCommandsFromStandardInput(String command) {
    CommandResult result =
        host.run(
            "echo one; cd /etc; pwd\nexit 5\n".getBytes(StandardCharsets.UTF_8),
            SOON,
            "vzctl",
            command,
            "501",
            "-");
    assertThat(result.stdout()).isEqualTo("one\n/etc\n");
    result.ended(command.equals("exec") ? 8 : 5);
  }

  @Test
  void everyByteComesBackUnchanged() {
    byte[] all = new byte[256 * 64];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    CommandResult result =
        host.run(all, SOON, "vzctl", "exec", "501", "cat; cat >&2 /dev/null").ok();
    assertThat(result.out()).isEqualTo(all);
    CommandResult err = host.run(all, SOON, "vzctl", "exec", "501", "cat >&2").ok();
    assertThat(err.err()).isEqualTo(all);
    assertThat(err.out()).isEmpty();
    assertThat(host.run(all, SOON, "vzctl", "exec", "501", "sha256sum").ok().text())
        .startsWith(sha256(all));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hundredMegabytesThroughAPipe() {
    byte[] data = new byte[100_000_000];
    new Random(1).nextBytes(data);
    CommandResult result =
        host.run(data, Duration.ofSeconds(60), "vzctl", "exec", "501", "tee >(cat >&2)").ok();
    assertThat(sha256(result.out())).isEqualTo(sha256(data));
    assertThat(sha256(result.err())).isEqualTo(sha256(data));
  }

  private CommandResult onHost(String script) {
    return shell(script).finish(SOON);
  }

  /** A script of the host in which $v is vzctl and $d an empty directory. */
  private RunningCommand shell(String script) {
    String vzctl = LaminaHost.layout().resolve("usr/bin/vzctl").toString();
    return RunningCommand.start(
        List.of("/bin/bash", "-c", "v=$1 d=$2; " + script, "bash", vzctl, directory.toString()),
        host.clientEnvironment());
  }

  @Test
  void aClosedPipeEndsTheWriter() {
    assertThat(onHost("$v exec2 501 yes | head -1; echo ${PIPESTATUS[0]}").stdout().lines())
        .first()
        .isEqualTo("y");
    assertThat(onHost("$v exec2 501 yes | head -1 >/dev/null; echo ${PIPESTATUS[0]}").text())
        .isEqualTo("141");
    Guest.await("yes has ended inside", SOON, () -> guest.sh("pgrep -x yes").exit() != 0);
  }

  @Test
  void aFileOnStandardInputSharesItsOffset() {
    assertThat(
            onHost(
                    "printf abcdef > $d/f; { $v exec 501 'head -c 2'; echo; $v exec 501 'dd bs=1 count=2"
                        + " status=none'; echo; cat; } < $d/f; echo x >> $d/o; $v exec 501 echo y >> $d/o;"
                        + " echo z >> $d/o; cat $d/o")
                .ok()
                .stdout())
        .isEqualTo("ab\ncd\nefx\ny\nz\n");
  }

  @Test
  void closedDescriptorsAreNoTrouble() {
    assertThat(onHost("$v exec2 501 'cat; echo out' <&-").ok().stdout()).isEqualTo("out\n");
    onHost("$v exec2 501 'exit 3' >&- 2>&- <&-").ended(3);
    assertThat(onHost("echo hello | $v exec2 501 'cat >&2' 2>&1 >&-").ok().stdout())
        .isEqualTo("hello\n");
  }

  @Test
  void whatCannotRunIsTold() {
    Guest stopped = Guest.create(host, 503, "debian-12");
    assertThat(stopped.vzctl("exec2", "true").ended(ExitCode.NOT_RUNNING).stderr())
        .contains("not running");
    stopped.vzctl("exec3", "true").ended(ExitCode.NOT_RUNNING);
    stopped.vzctl("exec", "true").ended(ExitCode.EXEC_FAILED);
    stopped.started();
    stopped.sh("rm /usr/bin/bash /usr/bin/dash /usr/bin/sh").ok();
    stopped.vzctl("exec2", "true").ended(ExitCode.BROKEN_TEMPLATE);
    stopped.vzctl("exec3", "/usr/bin/true").ok();
    stopped.destroy();
  }

  @Test
  void manyAtOnce() throws IOException {
    List<RunningCommand> running = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      RunningCommand client = guest.begin("exec2", "cat; exit " + i);
      client.feed(("number " + i).getBytes(StandardCharsets.UTF_8));
      running.add(client);
    }
    for (int i = 0; i < MANY; i++) {
      CommandResult result = running.get(i).finish(Duration.ofSeconds(60)).ended(i);
      assertThat(result.stdout()).isEqualTo("number " + i);
    }
    long open = descriptors();
    for (int i = 0; i < 20; i++) {
      guest.sh("true").ok();
    }
    assertThat(descriptors()).isLessThanOrEqualTo(open + 2);
  }

  private long descriptors() throws IOException {
    try (var all = Files.list(Path.of("/proc", Long.toString(host.daemonPid()), "fd"))) {
      return all.count();
    }
  }
}
