package org.lamina.manager.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the real kernel who calls; needs root to become somebody else. */
class PeerGuardIT {
  private static final String CONNECT =
      "socket(my $s, 1, 1, 0) or die; connect($s, pack('S a*', 1, $ARGV[0] . \"\\0\")) or die; <STDIN>";

  @TempDir Path dir;

  /** Members are who the test says they are. */
  private static final class ListedMembers extends Accounts {
    private final String member;

    ListedMembers(String member) {
      this.member = member;
    }

    @Override
    public boolean isMember(String user, String group) {
      return user.equals(member);
    }
  }

  private interface Check {
    void run(SocketChannel caller) throws Exception;
  }

  private void callAs(String user, String group, Check check) throws Exception {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path socket = dir.resolve("s-" + user + "-" + group);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      Process client =
          new ProcessBuilder(
                  "setpriv",
                  "--reuid=" + user,
                  "--regid=" + group,
                  "--clear-groups",
                  "perl",
                  "-e",
                  CONNECT,
                  socket.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      // a client that fails must fail the test, not hang it
      var _ = client.onExit().thenRun(() -> close(server));
      try (SocketChannel caller = server.accept()) {
        check.run(caller);
      } finally {
        client.destroyForcibly().waitFor();
      }
    }
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void root_mayCall() throws Exception {
    PeerGuard guard = new PeerGuard("daemon", new ListedMembers("nobody else"));
    callAs(
        "root",
        "root",
        caller -> {
          assertThat(guard.mayCall(caller)).isTrue();
          assertThat(guard.peer(caller)).isEqualTo(new Peer(0, "root"));
        });
  }

  @Test
  void stranger_mayNot() throws Exception {
    PeerGuard guard = new PeerGuard("daemon", new ListedMembers("root"));
    callAs(
        "nobody",
        "nogroup",
        caller -> {
          assertThat(guard.mayCall(caller)).isFalse();
          assertThat(guard.peer(caller)).isEqualTo(new Peer(65_534, "nobody"));
        });
  }

  @Test
  void memberOfTheGroup_mayCall_byListOrByTheGroupItActsWith() throws Exception {
    PeerGuard listed = new PeerGuard("daemon", new ListedMembers("nobody"));
    callAs("nobody", "nogroup", caller -> assertThat(listed.mayCall(caller)).isTrue());
    PeerGuard unlisted = new PeerGuard("daemon", new ListedMembers("root"));
    callAs("nobody", "daemon", caller -> assertThat(unlisted.mayCall(caller)).isTrue());
  }

  @Test
  void withoutTheGroup_onlyRootMay() throws Exception {
    PeerGuard guard = new PeerGuard("no-such-group", new ListedMembers("nobody"));
    assertThat(guard.group()).isEmpty();
    callAs("nobody", "nogroup", caller -> assertThat(guard.mayCall(caller)).isFalse());
  }

  @Test
  void userWithoutAName_hasItsNumber() throws Exception {
    PeerGuard guard = new PeerGuard("daemon", new Accounts());
    callAs(
        "54321",
        "54321",
        caller -> {
          assertThat(guard.mayCall(caller)).isFalse();
          assertThat(guard.peer(caller).uid()).isEqualTo(54_321);
        });
  }
}
