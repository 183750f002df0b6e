package org.lamina.manager.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class DaemonLockTest {
  @TempDir Path dir;

  @Test
  void secondDaemon_isRefused_untilTheFirstEnds() {
    Path socket = dir.resolve("run/lamina.sock");
    DaemonLock first = DaemonLock.take(dir.resolve("run"), socket);
    assertRefused(socket);
    first.close();
    DaemonLock.take(dir.resolve("run"), socket).close();
  }

  @Test
  void socketOfADaemonThatIsGone_isRemoved() throws Exception {
    Path socket = Files.createDirectories(dir.resolve("run")).resolve("lamina.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();
    DaemonLock.take(dir.resolve("run"), socket).close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void socketThatSomebodyAnswersOn_stays() throws Exception {
    Path socket = Files.createDirectories(dir.resolve("run")).resolve("lamina.sock");
    try (ServerSocketChannel _ =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(socket))) {
      assertRefused(socket);
      assertThat(socket).exists();
    }
    DaemonLock.take(dir.resolve("run"), socket).close();
  }

  private void assertRefused(Path socket) {
    assertThatThrownBy(() -> DaemonLock.take(dir.resolve("run"), socket))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED);
              assertThat(e.text()).contains("another laminad");
            });
  }
}
