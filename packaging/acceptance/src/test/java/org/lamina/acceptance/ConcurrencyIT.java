package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** Many commands at the same time: each is done or told why not, and none waits for ever. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrencyIT {
  private static final String SYSTEMD = "debian-12";
  private static final String LIGHT = "debian-12-sysvinit";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int MANY = 20;

  private LaminaHost host;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    host.ensureTemplate(SYSTEMD);
    host.ensureTemplate(LIGHT);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @AfterEach
  void destroyAll() {
    Leaks.none(host, "after commands at the same time");
    for (Map.Entry<String, String> c : Leaks.listed(host).entrySet()) {
      if (c.getValue().equals("running")) {
        host.run("vzctl", "stop", c.getKey(), "--fast").ok();
      }
      host.run("vzctl", "destroy", c.getKey()).ok();
    }
  }

  @Test
  void twentyAreCreatedAndStartedAtOnce() {
    List<RunningCommand> creates = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      creates.add(host.begin("vzctl", "create", "8" + (10 + i), "--ostemplate", SYSTEMD));
    }
    creates.forEach(c -> c.finish(LONG).ok());
    Set<Integer> ranges = new HashSet<>();
    guests().forEach(g -> ranges.add(g.firstId()));
    assertThat(ranges).hasSize(MANY).doesNotContain(0);

    long begun = System.nanoTime();
    List<RunningCommand> starts = new ArrayList<>();
    guests().forEach(g -> starts.add(g.begin("start", "--wait")));
    starts.forEach(c -> c.finish(LONG).ok());
    System.out.printf(
        "%d systemd containers were ready after %d ms%n",
        MANY, (System.nanoTime() - begun) / 1_000_000);
    for (Guest guest : guests()) {
      assertThat(guest.text("systemctl list-units --failed --no-legend --plain")).isEmpty();
      assertThat(guest.text("systemctl is-system-running")).isEqualTo("running");
    }
    List<RunningCommand> stops = new ArrayList<>();
    guests().forEach(g -> stops.add(g.begin("stop")));
    stops.forEach(c -> c.finish(LONG).ok());
    assertThat(Leaks.listed(host).values()).containsOnly("stopped").hasSize(MANY);
  }

  @Test
  void oneOfTwentyGetsTheNumberTheyAllWant() {
    List<RunningCommand> creates = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      creates.add(host.begin("vzctl", "create", "850", "--ostemplate", LIGHT));
    }
    Map<Integer, Integer> codes = new TreeMap<>();
    creates.forEach(c -> codes.merge(c.finish(LONG).exit(), 1, Integer::sum));
    assertThat(codes).containsEntry(0, 1);
    assertThat(codes.keySet())
        .isSubsetOf(0, ExitCode.LOCKED.code(), ExitCode.PRIVATE_EXISTS.code());
  }

  @Test
  void oneOfTenGetsTheNameTheyAllWant() {
    List<RunningCommand> creates = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      creates.add(
          host.begin("vzctl", "create", "86" + i, "--ostemplate", LIGHT, "--name", "wanted"));
    }
    Map<Integer, Integer> codes = new TreeMap<>();
    creates.forEach(c -> codes.merge(c.finish(LONG).exit(), 1, Integer::sum));
    assertThat(codes).containsOnly(Map.entry(0, 1), Map.entry(ExitCode.NAME_FAILED.code(), 9));
    assertThat(host.run("vzctl", "status", "wanted").ok().stdout()).contains("exist");
  }

  @Test
  void theSecondCommandIsToldWhoWasFirst() {
    Guest guest = Guest.create(host, 871, SYSTEMD).started();
    guest.sh("systemd-run --quiet -p 'ExecStop=/bin/sleep 4' sleep infinity").ok();
    RunningCommand stop = guest.begin("stop");
    Guest.await(
        "the stop has begun", LONG, () -> operations().matches("(?s).*stop +871 +running.*"));
    for (String command : List.of("start", "stop", "restart", "destroy", "mount", "umount")) {
      CommandResult second = guest.vzctl(command).ended(ExitCode.LOCKED);
      assertThat(second.stderr())
          .contains("Container 871 already locked by \"stop\"", "lamina operations --cancel");
      assertThat(second.took()).isLessThan(Duration.ofSeconds(2));
    }
    guest.vzctl("set", "--ram", "1G", "--save").ended(ExitCode.LOCKED);
    assertThat(guest.statusLine()).isEqualTo("CTID 871 exist mounted running");
    assertThat(guest.text("echo answers")).isEqualTo("answers");
    host.run("vzlist", "-a").ok();
    stop.finish(LONG).ok();
    guest.started();
  }

  @Test
  void stormsOfCreationAndRemovalLeaveNothing() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
      List<Future<?>> all = new ArrayList<>();
      for (int lane = 0; lane < 6; lane++) {
        String ctid = "88" + lane;
        all.add(
            pool.submit(() -> {
              for (int round = 0; round < 6; round++) {
                host.run("vzctl", "create", ctid, "--ostemplate", LIGHT).ok();
                if (round % 2 == 0) {
                  host.run("vzctl", "start", ctid).ok();
                  host.run("vzctl", "stop", ctid, "--fast").ok();
                }
                host.run("vzlist", "-a").ok();
                host.run("vzctl", "destroy", ctid).ok();
              }
            }));
      }
      for (Future<?> lane : all) {
        lane.get();
      }
    }
    assertThat(Leaks.listed(host)).isEmpty();
  }

  @Test
  void startsAndStopsOfOneContainerRace() throws Exception {
    Guest guest = Guest.create(host, 890, LIGHT);
    List<List<String>> commands =
        List.of(List.of("start"), List.of("stop", "--fast"), List.of("restart", "--fast"));
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int lane = 0; lane < 4; lane++) {
        Random random = new Random(lane);
        all.add(
            pool.submit(() -> {
              for (int round = 0; round < 15; round++) {
                List<String> words = commands.get(random.nextInt(commands.size()));
                CommandResult result =
                    guest.vzctl(
                        words.getFirst(), words.subList(1, words.size()).toArray(String[]::new));
                assertThat(result.exit())
                    .describedAs("%s", result)
                    .isIn(0, ExitCode.LOCKED.code(), ExitCode.ALREADY_RUNNING.code());
              }
            }));
      }
      for (Future<?> lane : all) {
        lane.get();
      }
    }
    guest.vzctl("restart", "--wait").ok();
    assertThat(guest.text("cat /proc/1/comm")).isEqualTo("init");
  }

  @Test
  void aTemplateIsNotRemovedUnderAContainerBeingMade() throws IOException, InterruptedException {
    Path template = Path.of(host.run("vzpkg", "info", LIGHT, "directory").ok().text()).getParent();
    try (LaminaHost own = LaminaHost.start(TemplateRemains.OWN_TEMPLATES)) {
      for (int round = 0; round < 8; round++) {
        Path copy = own.stateDir().resolve("template");
        new ProcessBuilder("cp", "-al", template.toString(), copy.toString()).start().waitFor();
        RunningCommand create = own.begin("vzctl", "create", "899", "--ostemplate", LIGHT);
        Pause.millis(round * 4L);
        CommandResult removal = own.run("vzpkg", "remove", "cache", LIGHT);
        CommandResult made = create.finish(LONG);
        if (made.exit() == 0) {
          removal.ended(ExitCode.TEMPLATE_IN_USE);
          own.run("vzctl", "start", "899").ok();
          own.run("vzctl", "stop", "899", "--fast").ok();
          own.run("vzctl", "destroy", "899").ok();
          own.run("vzpkg", "remove", "cache", LIGHT).ok();
        } else {
          made.ended(ExitCode.TEMPLATE_NOT_FOUND);
          removal.ok();
        }
        assertThat(TemplateRemains.of(copy)).isEmpty();
      }
    }
  }

  private List<Guest> guests() {
    return Leaks.listed(host).keySet().stream().map(ctid -> new Guest(host, ctid)).toList();
  }

  private String operations() {
    return host.run("lamina", "operations").ok().stdout();
  }
}
