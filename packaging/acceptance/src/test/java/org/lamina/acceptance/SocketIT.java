package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * Who may command the daemon. The group here is {@code games}, which every Debian has: setpriv
 * gives and takes membership without an account being made.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SocketIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String GROUP = "games";
  private LaminaHost host;

  @BeforeAll
  void start() {
    host = LaminaHost.start(Map.of("LAMINA_GROUP", GROUP));
    Guest.create(host, 981, "debian-12").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  /** A host command as user nobody, with one supplementary group or none. */
  private CommandResult asNobody(String group, String... command) {
    List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=nobody", "--regid=nogroup"));
    words.add(group.isEmpty() ? "--clear-groups" : "--groups=" + group);
    words.addAll(List.of(command));
    return RunningCommand.start(words, host.clientEnvironment()).finish(SOON);
  }

  private static String program(String name) {
    return LaminaHost.layout().resolve("usr/bin").resolve(name).toString();
  }

  @Test
  void theSocketIsForRootAndTheGroup() throws IOException {
    PosixFileAttributes socket = Files.readAttributes(host.socket(), PosixFileAttributes.class);
    assertThat(PosixFilePermissions.toString(socket.permissions())).isEqualTo("rw-rw----");
    assertThat(socket.owner().getName()).isEqualTo("root");
    assertThat(socket.group().getName()).isEqualTo(GROUP);
    try (var state = Files.list(host.stateDir())) {
      assertThat(state)
          .isNotEmpty()
          .allSatisfy(path -> {
            if (path.endsWith("db")) {
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                  .endsWith("---");
            }
          });
    }
  }

  @Test
  void strangersAreRefused() {
    CommandResult refused = asNobody("", program("vzlist"), "-a").ended(ExitCode.PERMISSION_DENIED);
    assertThat(refused.stderr()).contains("refused").contains("group");
    assertThat(refused.stdout()).isEmpty();
    asNobody("", program("vzctl"), "exec", "981", "id").ended(ExitCode.PERMISSION_DENIED);
  }

  @Test
  void whoReachesTheSocketWithoutTheGroupIsRefusedByTheDaemonToo() throws IOException {
    var permissions = Files.getPosixFilePermissions(host.socket());
    try {
      Files.setPosixFilePermissions(host.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
      CommandResult refused = asNobody("", program("vzlist"), "-a");
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.stdout()).isEmpty();
      assertThat(refused.stderr()).doesNotContain("981");
    } finally {
      Files.setPosixFilePermissions(host.socket(), permissions);
    }
  }

  @Test
  void actingWithTheGroupsIdIsEnough() {
    CommandResult list =
        RunningCommand.start(
                List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--regid=" + GROUP,
                    "--clear-groups",
                    program("vzlist"),
                    "-H",
                    "-o",
                    "ctid"),
                host.clientEnvironment())
            .finish(SOON)
            .ok();
    assertThat(list.text()).isEqualTo("981");
    CommandResult inside =
        RunningCommand.start(
                List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--regid=" + GROUP,
                    "--clear-groups",
                    program("vzctl"),
                    "exec2",
                    "981",
                    "id -un; exit 6"),
                host.clientEnvironment())
            .finish(SOON)
            .ended(6);
    assertThat(inside.text()).isEqualTo("root");
  }

  @Test
  void noCallerCanClaimTheProcessOfAnother() throws IOException {
    // The request vzctl makes, but with the descriptors of a process of root.
    Path secret = Files.writeString(host.configDir().resolve("secret"), "of root\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Process victim = new ProcessBuilder("sleep", "100").redirectInput(secret.toFile()).start();
    try {
      String body = "exec\0" + "981\0" + "cat\0";
      String request =
          "POST /v1/cli/vzctl HTTP/1.0\r\nHost: lamina\r\nContent-Type: application/octet-stream\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\nX-Lamina-Pid: "
              + victim.pid()
              + "\r\nX-Lamina-Stdio: 0,1,2\r\nX-Lamina-Tty: 0,0,0\r\nX-Lamina-Control: 0\r\n"
              + "X-Lamina-Size: 24,80\r\nX-Lamina-Term: dumb\r\n\r\n"
              + body;
      List<String> talk =
          List.of(
              "setpriv",
              "--reuid=nobody",
              "--regid=" + GROUP,
              "--clear-groups",
              "perl",
              "-e",
              "socket(my $s, 1, 1, 0); connect($s, pack('S a* x', 1, $ENV{LAMINA_SOCKET})) or die $!;"
                  + " my $r = do { local $/; <STDIN> }; syswrite $s, $r; print while <$s>");
      RunningCommand attack = RunningCommand.start(talk, host.clientEnvironment());
      attack.feed(request.getBytes(StandardCharsets.ISO_8859_1));
      CommandResult result = attack.finish(SOON).ok();
      assertThat(result.stdout()).contains("HTTP/1.").doesNotContain("of root");
      assertThat(result.stdout()).contains("does not belong to the caller");
    } finally {
      victim.destroy();
    }
  }
}
