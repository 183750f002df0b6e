package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator gets with the package, and what must not be in it. */
class PackageIT {
  private static final Path TREE = LaminaHost.layout();

  @Test
  void theCommandsNeedNoModuleOfPerl() throws IOException {
    String client = Files.readString(TREE.resolve("usr/bin/lamina"));
    assertThat(client.lines()).noneMatch(line -> line.matches("\\s*(use|require)\\s+[A-Za-z].*"));
    for (String name : List.of("vzctl", "vzlist", "vzpkg", "vznetstat")) {
      assertThat(Files.readSymbolicLink(TREE.resolve("usr/bin").resolve(name)))
          .isEqualTo(Path.of("lamina"));
    }
  }

  @Test
  void theJavaRuntimeIsItsOwnAndHasNoCompiler() throws IOException {
    Path runtime = TREE.resolve("usr/lib/lamina/runtime");
    try (Stream<Path> programs = Files.list(runtime.resolve("bin"))) {
      assertThat(programs.map(path -> path.getFileName().toString())).containsExactly("java");
    }
    CommandResult modules =
        RunningCommand.start(List.of(runtime + "/bin/java", "--list-modules"), Map.of())
            .finish(Duration.ofSeconds(20))
            .ok();
    assertThat(modules.stdout()).contains("java.base@25").doesNotContain("jdk.compiler");
  }

  @Test
  void noTestLibraryIsShipped() throws IOException {
    try (Stream<Path> jars = Files.list(TREE.resolve("usr/lib/lamina/app"))) {
      assertThat(jars.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.matches("(junit|assertj|mockito|spring-boot-test|archunit).*"));
    }
  }

  @Test
  void theClassCacheIsUsed() throws IOException {
    try (LaminaHost host = LaminaHost.start()) {
      assertThat(Files.readString(Path.of("/proc/" + host.daemonPid() + "/maps")))
          .contains("/usr/lib/lamina/app/laminad.aot");
    }
  }

  @Test
  void theDaemonListensOnNoNetworkAddress() throws IOException {
    try (LaminaHost host = LaminaHost.start()) {
      CommandResult sockets =
          RunningCommand.start(List.of("ss", "-Hltunp"), Map.of())
              .finish(Duration.ofSeconds(20))
              .ok();
      assertThat(sockets.stdout()).doesNotContain("pid=" + host.daemonPid() + ",");
    }
  }
}
