package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.Ctid;
import org.lamina.schema.Limits;

/**
 * Ends the daemon before, within and after every single effect of every command, starts another one
 * and asks whether the host is as if the command had been done completely or not at all.
 */
class KillSweepTest {
  private static final Ctid CTID = new Ctid(101);

  /** Anything shorter would mean that the sweep does not reach the steps it is about. */
  private static final int LEAST_POINTS = 4;

  @TempDir Path dir;

  @Test
  void create_isDoneOrUndone() throws Exception {
    List<String> ends =
        sweep(
            _ -> {},
            d -> d.create(101),
            (host, _) -> {
              assertThat(host.kernel.running).isEmpty();
              TestDaemon next = host.boot();
              if (host.store.find(CTID).isEmpty()) {
                assertThat(next.create(102).container().ids().base())
                    .as("the id range is free again")
                    .isEqualTo(HostConfig.DEFAULT_ID_BASE);
              }
              next.destroy(host.store.all().getFirst().ctid().value());
            });
    assertThat(ends).contains("insert after", "createDelta half", "saveAndClear after");
  }

  @Test
  void start_isDoneOrUndone() throws Exception {
    List<String> ends =
        sweep(
            d -> d.create(101),
            d -> d.start(101),
            (host, end) -> {
              boolean initLived = List.of("start after", "saveAndClear before").contains(end);
              if (initLived) {
                assertThat(host.kernel.running).as("adopted at %s", end).containsKey(CTID);
              }
              TestDaemon next = host.boot();
              if (host.kernel.running.containsKey(CTID)) {
                next.stop(101);
              } else {
                next.start(101);
                assertThat(host.kernel.running).containsKey(CTID);
              }
            });
    assertThat(ends).contains("intend after", "start half", "start after");
  }

  @Test
  void stop_isFinished() throws Exception {
    List<String> ends =
        sweep(
            d -> {
              d.create(101);
              d.start(101);
            },
            d -> d.stop(101),
            (host, end) -> {
              if (end.equals("intend before")) {
                assertThat(host.kernel.running).containsKey(CTID);
              } else {
                assertThat(host.kernel.running).as("stopped, killed at %s", end).isEmpty();
              }
            });
    assertThat(ends).contains("intend after", "powerOff before", "sweep after");
  }

  @Test
  void stopByForce_isFinished() throws Exception {
    sweep(
        d -> {
          d.create(101);
          d.start(101);
        },
        d -> d.containers().stop(CTID, true, d.lines),
        (host, end) ->
            assertThat(host.kernel.running.isEmpty()).isEqualTo(!end.equals("intend before")));
  }

  @Test
  void restart_leavesItRunning() throws Exception {
    sweep(
        d -> {
          d.create(101);
          d.start(101);
        },
        d -> d.containers().restart(CTID, null, false, false, d.lines),
        (host, end) ->
            assertThat(host.kernel.running).as("running, killed at %s", end).containsKey(CTID));
  }

  @Test
  void destroy_isFinished() throws Exception {
    List<String> ends =
        sweep(
            d -> {
              d.create(101);
              write(d.host.config.privateArea(CTID).resolve("delta/root/upper/file"));
            },
            d -> d.destroy(101),
            (host, end) -> {
              if (end.equals("intend before")) {
                assertThat(host.store.find(CTID)).isPresent();
              } else {
                assertThat(host.store.all()).as("gone, killed at %s", end).isEmpty();
              }
            });
    assertThat(ends).contains("intend after", "delete before");
  }

  @Test
  void register_isDoneOrUndone() throws Exception {
    sweep(
        d -> {
          d.create(101);
          d.containers().unregister(CTID, d.lines);
          Path elsewhere = d.host.dir.resolve("elsewhere");
          move(d.host.config.privateArea(CTID), elsewhere);
        },
        d -> d.containers().register(d.host.dir.resolve("elsewhere"), CTID, false, d.lines),
        (host, end) ->
            assertTrue(
                host.store.find(CTID).isPresent()
                    ^ Files.isDirectory(host.dir.resolve("elsewhere/delta")),
                "the area is in one place, killed at " + end));
  }

  @Test
  void set_isSavedOrNot() throws Exception {
    sweep(
        d -> d.create(101),
        d ->
            d.containers()
                .set(
                    CTID,
                    new SettingsChange(
                        Limits.NONE, null, "renamed", null, null, null, null, null, null),
                    true,
                    d.lines),
        1,
        (host, _) -> assertThat(host.store.find(CTID).orElseThrow().name()).isIn(null, "renamed"));
  }

  private List<String> sweep(
      Consumer<TestDaemon> before, Consumer<TestDaemon> command, BiConsumer<TestHost, String> check)
      throws IOException {
    return sweep(before, command, LEAST_POINTS, check);
  }

  /** Returns where the daemon ended, one name per round. */
  private List<String> sweep(
      Consumer<TestDaemon> before,
      Consumer<TestDaemon> command,
      int leastPoints,
      BiConsumer<TestHost, String> check)
      throws IOException {
    List<String> ends = new ArrayList<>();
    for (int point = 1; ; point++) {
      try (TestHost host = new TestHost(Files.createDirectory(dir.resolve("host-" + point)))) {
        TestDaemon first = host.boot();
        before.accept(first);
        first.life.end();
        TestDaemon doomed = host.daemon(Life.endingAt(point));
        try {
          command.accept(doomed);
          assertThat(point).isGreaterThan(leastPoints);
          return ends;
        } catch (Crash e) {
          ends.add(doomed.life.last());
        }
        String end = ends.getLast();
        TestDaemon next = host.daemon(Life.immortal());
        var _ = next.reconcile();
        TestHost.eventually(
            "repaired after the end at " + end,
            () ->
                host.store.intents().isEmpty()
                    && next.core.operations().latest(99).stream()
                        .noneMatch(o -> o.state() == Operation.State.RUNNING));
        host.assertNothingLeaks();
        check.accept(host, end);
        TestHost.eventually("settled", () -> host.store.intents().isEmpty());
        host.assertNothingLeaks();
      }
    }
  }

  private static void write(Path file) {
    try {
      Files.writeString(file, "content");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
