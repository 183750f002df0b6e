package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a command inside is given, and that it is confined as init is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecConfinementIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private final Map<SystemKind, Guest> guests = new EnumMap<>(SystemKind.class);
  private LaminaHost host;

  @BeforeAll
  void startAll() throws IOException {
    host = LaminaHost.start();
    // Its unit gives it one of its own too, which commands must not inherit.
    Files.writeString(Path.of("/proc", Long.toString(host.daemonPid()), "oom_score_adj"), "300");
    int ctid = 601;
    for (SystemKind kind : SystemKind.values()) {
      guests.put(kind, kind.create(host, ctid, "ct" + ctid).started());
      ctid++;
    }
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private Guest of(SystemKind kind) {
    return Objects.requireNonNull(guests.get(kind));
  }

  @ParameterizedTest
  @EnumSource
  void theEnvironmentIsClean(SystemKind kind) {
    assertThat(of(kind).vzctl("exec3", "env").ok().stdout().lines())
        .containsExactlyInAnyOrder(
            "HOME=/root",
            "LOGNAME=root",
            "USER=root",
            "TERM=linux",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    assertThat(of(kind).text("pwd; umask; id -un; ulimit -c; ulimit -Sn").lines())
        .containsExactly("/", "0022", "root", "0", "1024");
  }

  @ParameterizedTest
  @EnumSource
  void noDescriptorOfTheHostLeaksIn(SystemKind kind) {
    for (String command : List.of("exec", "exec2", "exec3")) {
      assertThat(of(kind).vzctl(command, "ls", "/proc/self/fd").ok().stdout().lines())
          .describedAs(command)
          .containsExactly("0", "1", "2", "3"); // 3 is the directory that ls reads
    }
    assertThat(of(kind).text("ls /proc/1/fd | xargs -I{} readlink /proc/1/fd/{}").lines())
        .noneMatch(target -> target.contains("lamina") || target.contains("/dev/vd"));
  }

  @ParameterizedTest
  @EnumSource
  void privilegesAreThoseOfInit(SystemKind kind) {
    String fields =
        "grep -E '^(Cap...|NoNewPrivs|Seccomp|Seccomp_filters|Uid|Gid|Groups):' /proc/%s/status";
    assertThat(of(kind).text(fields.formatted("self")))
        .isEqualTo(of(kind).text(fields.formatted("1")));
    assertThat(of(kind).text("grep ^Seccomp: /proc/self/status")).endsWith("2");
    assertThat(of(kind).text("cat /proc/self/oom_score_adj /proc/1/oom_score_adj").lines())
        .containsExactly("0", "0");
  }

  @ParameterizedTest
  @EnumSource
  void itIsInTheContainersControlGroups(SystemKind kind) throws IOException {
    Guest guest = of(kind);
    RunningCommand client = guest.begin("exec3", "sleep", "4712");
    Guest.await("it runs", SOON, () -> hostPid(guest).isPresent());
    Path proc = Path.of("/proc", hostPid(guest).orElseThrow().toString());
    String base = "/" + host.cgroupName() + "/" + guest.ctid() + "/payload";
    assertThat(Files.readAllLines(proc.resolve("cgroup")))
        .isNotEmpty()
        .allMatch(line -> (line.split(":", 3)[2] + "/").startsWith(base + "/"), "is below " + base);
    for (String name : List.of("pid", "mnt", "uts", "net", "ipc", "cgroup", "user")) {
      assertThat(Files.readSymbolicLink(proc.resolve("ns").resolve(name)))
          .isEqualTo(Files.readSymbolicLink(guest.proc("ns").resolve(name)));
    }
    client.process().destroy();
    client.finish(SOON);
  }

  private static java.util.Optional<Long> hostPid(Guest guest) {
    String want = guest.init() == 0 ? "" : "sleep\0" + "4712\0";
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> {
          try {
            return Files.readString(Path.of("/proc", pid.toString(), "cmdline")).equals(want);
          } catch (IOException e) {
            return false;
          }
        })
        .findFirst();
  }
}
