package org.lamina.templates.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HelperProcessTest {
  private static final Path HERE = Path.of("/");

  private static int run(List<String> lines, String... argv) throws Exception {
    return HelperProcess.run(List.of(argv), Map.of("PATH", "/usr/bin:/bin"), HERE, lines::add);
  }

  @Test
  void handsOverAllOutputAndTheStatus() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    int status = run(lines, "/bin/sh", "-c", "echo out; echo err >&2; env; exit 7");

    assertThat(status).isEqualTo(7);
    assertThat(lines).startsWith("out", "err").contains("PATH=/usr/bin:/bin");
    assertThat(lines).noneMatch(l -> l.startsWith("HOME=") || l.startsWith("USER="));
  }

  @Test
  void argumentsAreNotInterpreted() throws Exception {
    List<String> lines = new ArrayList<>();
    run(lines, "/bin/echo", "$(id); `id` %s 'x");
    assertThat(lines).containsExactly("$(id); `id` %s 'x");
  }

  @Test
  void aLongLineIsCutNotLost() throws Exception {
    List<String> lines = new ArrayList<>();
    run(lines, "/bin/sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x; echo; echo end");
    assertThat(lines).hasSize(2).last().isEqualTo("end");
    assertThat(lines.getFirst()).hasSizeLessThan(5000);
  }

  @Test
  void whatIsStartedIsKilledForWantOfMemoryLikeOthers() throws Exception {
    Path own = Path.of("/proc/self/oom_score_adj");
    String before = Files.readString(own).strip();
    Files.writeString(own, "77");
    try {
      List<String> lines = new ArrayList<>();
      run(
          lines,
          "/bin/sh",
          "-c",
          "for n in $(seq 50); do sleep 0.1; read now </proc/self/oom_score_adj;"
              + " [ $now != 0 ] || break; done; echo $now");
      assertThat(lines).containsExactly("0");
    } finally {
      Files.writeString(own, before);
    }
  }

  @Test
  void aMissingProgramIsAnError() {
    assertThatThrownBy(() -> run(new ArrayList<>(), "/no/such/program"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void anInterruptKillsTheProgramAndWhatItStarted() throws Exception {
    CountDownLatch up = new CountDownLatch(2);
    List<String> pids = Collections.synchronizedList(new ArrayList<>());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                HelperProcess.run(
                    List.of("/bin/sh", "-c", "trap '' TERM; echo $$; sleep 100 & echo $!; wait"),
                    Map.of("PATH", "/usr/bin:/bin"),
                    HERE,
                    line -> {
                      pids.add(line);
                      up.countDown();
                    });
              } catch (IOException | InterruptedException e) {
                thrown.set(e);
              }
            });
    assertThat(up.await(10, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    thread.join(10_000);

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(pids)
        .hasSize(2)
        .allSatisfy(pid ->
            assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                .isEmpty());
  }
}
