package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * The daemon tells the host's boot from a restart of its own by the kernel's boot id; changing the
 * one it remembers is a boot as far as it can see. And what it does for long is an operation.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostBootIT {
  private static final String TEMPLATE = "debian-12-sysvinit";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern START =
      Pattern.compile(
          "\"id\":(\\d+),\"kind\":\"start\",\"target\":\"(\\d+)\",\"state\":\"DONE\","
              + "\"started\":\"([^\"]+)\",\"ended\":\"([^\"]+)\"");

  private LaminaHost host;
  private Instant booted = Instant.MIN;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  /** One start of a container, as the daemon's history has it. */
  private record Start(long id, String ctid, Instant begun, Instant ended) {}

  @Test
  void theBootOfTheHostStartsWhoAskedForIt() throws IOException {
    create(421, "--onboot", "yes", "--bootorder", "10");
    create(422, "--onboot", "yes", "--bootorder", "30");
    create(423, "--onboot", "yes");
    create(424, "--onboot", "no", "--bootorder", "40");
    create(425, "--onboot", "yes", "--bootorder", "50", "--disabled", "yes");
    create(426, "--bootorder", "20");
    create(427, "--bootorder", "5");
    host.run("vzctl", "start", "426").ok();

    host.restart();
    assertThat(running())
        .describedAs("a restart of the daemon starts nobody")
        .containsExactly("426");

    bootOfTheHost("VE_PARALLEL=\"1\"");
    List<Start> oneByOne = fourStarts();
    assertThat(oneByOne)
        .extracting(Start::ctid)
        .describedAs("higher bootorder first, without one last, 426 because it ran before")
        .containsExactly("422", "426", "421", "423");
    for (int i = 1; i < 4; i++) {
      assertThat(oneByOne.get(i).begun()).isAfterOrEqualTo(oneByOne.get(i - 1).ended());
    }

    bootOfTheHost("VE_PARALLEL=\"4\"");
    List<Start> together = fourStarts();
    assertThat(together.get(1).begun())
        .describedAs("the second begins before the first is up")
        .isBefore(together.get(0).ended());
    assertThat(running()).containsExactly("421", "422", "423", "426");

    assertThat(host.run("lamina", "shutdown").ok().stdout())
        .describedAs("lowest bootorder last, without one first")
        .containsSubsequence("423 was", "421 was", "426 was", "422 was", "4 containers were");
    assertThat(running()).isEmpty();
    booted = Instant.now();
    host.restart();
    assertThat(fourStarts()).extracting(Start::ctid).contains("426");

    bootOfTheHost("VIRTUOZZO=\"no\"");
    Pause.millis(1000);
    assertThat(running()).describedAs("switched off in lamina.conf").isEmpty();
  }

  @Test
  void aBuildCanBeWatchedAndIsCalledInterruptedAfterACrash() {
    try (LaminaHost own = LaminaHost.start(TemplateRemains.OWN_TEMPLATES)) {
      TemplateRemains.defineTiny(own);
      own.restart();
      RunningCommand build = own.begin("vzpkg", "create", "cache", "tiny");
      Guest.await(
          "the build is listed with its progress",
          SOON,
          () -> operations(own).matches("(?s).*\\d+ +\\S.* tiny +running \\d+%.*"));
      CommandResult second = own.run("vzpkg", "create", "cache", "tiny");
      assertThat(second.exit()).describedAs("%s", second).isEqualTo(ExitCode.LOCKED.code());
      own.kill9();
      CommandResult cut = build.finish(SOON).ended(ExitCode.SYSTEM);
      assertThat(cut.stderr()).contains("laminad went away", "lamina operations");
      own.startDaemon();
      assertThat(operations(own)).containsPattern("tiny +interrupted");
    }
  }

  private void create(int ctid, String... settings) {
    Guest.create(host, ctid, TEMPLATE);
    List<String> words = new ArrayList<>(List.of("set", Integer.toString(ctid)));
    words.addAll(List.of(settings));
    words.add("--save");
    host.run("vzctl", words.toArray(String[]::new)).ok();
  }

  /** Ends every process of every container without a word, as the end of the host does. */
  private void bootOfTheHost(String setting) throws IOException {
    host.kill9();
    for (Map.Entry<String, String> entry : inits().entrySet()) {
      long pid = Long.parseLong(entry.getValue());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      Guest.await("init of " + entry.getKey() + " ended", SOON, () -> !alive(pid));
    }
    Files.writeString(host.runDir().resolve("boot-id"), "another boot\n");
    List<String> lines = new ArrayList<>(Files.readAllLines(host.config()));
    String key = setting.substring(0, setting.indexOf('='));
    lines.removeIf(line -> line.startsWith(key + "="));
    lines.add(setting);
    Files.write(host.config(), lines);
    booted = Instant.now();
    host.startDaemon();
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private Map<String, String> inits() {
    return Leaks.runningInits(host);
  }

  private List<String> running() {
    String text = host.run("vzlist", "-1").ok().text();
    return text.isEmpty() ? List.of() : text.lines().map(String::strip).toList();
  }

  private static String operations(LaminaHost host) {
    return host.run("lamina", "operations").ok().stdout();
  }

  /** The starts of this boot, the first of them first, once there are four. */
  private List<Start> fourStarts() {
    Guest.await("four were started", SOON, () -> starts().size() >= 4);
    assertThat(starts()).hasSize(4);
    return starts();
  }

  private List<Start> starts() {
    List<Start> starts = new ArrayList<>();
    Matcher m = START.matcher(Api.get(host, "/v1/operations?limit=100"));
    while (m.find()) {
      Start start =
          new Start(
              Long.parseLong(m.group(1)),
              m.group(2),
              Instant.parse(m.group(3)),
              Instant.parse(m.group(4)));
      if (start.begun().isAfter(booted)) {
        starts.addFirst(start);
      }
    }
    return starts;
  }
}
