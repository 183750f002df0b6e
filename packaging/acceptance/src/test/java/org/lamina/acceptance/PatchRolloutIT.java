package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator can do with a roll-out, on three running containers and a stopped one.
 * Generation 2 is good, 3 has a unit that fails, 4 never gets ready.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PatchRolloutIT {
  private static final String NAME = QuickDebian.NAME;
  private static final Duration LONG = Duration.ofSeconds(60);

  private PatchedTemplate template;
  private LaminaHost host;
  private List<Guest> all;
  private Guest first;
  private Guest second;
  private Guest third;
  private Guest stopped;

  @BeforeAll
  void fourGenerationsFourContainers() {
    template = PatchedTemplate.start(TemplateRemains.OWN_TEMPLATES);
    host = template.host();
    template.update(1);
    first = template.container(411).started();
    second = template.container(412).started();
    third = template.container(413).started();
    stopped = template.container(414);
    all = List.of(first, second, third, stopped);
    template.update(2);
    template.update(3, unit("bad", "ExecStart=/bin/false"));
    template.update(4, unit("hanging", "ExecStart=/bin/sleep 1000"));
  }

  private static String unit(String name, String what) {
    String file = "/etc/systemd/system/" + name + ".service";
    return "printf '[Unit]\\nBefore=multi-user.target\\n[Service]\\nType=oneshot\\n%s\\n' >%s\n"
            .formatted(what, file)
        + "mkdir -p /etc/systemd/system/multi-user.target.wants\n"
        + "ln -s %s /etc/systemd/system/multi-user.target.wants/\n".formatted(file);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void everybodyIsOnTheFirst() {
    host.run("vzpkg", "rollback", NAME, "--to", "1").ok();
    assertThat(generations())
        .containsOnlyKeys(ctids())
        .allSatisfy((_, g) -> {
          assertThat(g).isEqualTo(1);
        });
  }

  @Test
  void liveMoveThatTheHealthCommandRefuses_goesBackWithItsData() {
    int init = first.init();
    first
        .sh("echo written before >/srv/written; echo 'me:x:7000:7000::/:/bin/sh' >>/etc/passwd")
        .ok();
    CommandResult refused =
        rollout("--to", "2", "--health", "echo no answer; exit 3", "411").ended(ExitCode.SYSTEM);
    assertThat(refused.stderr()).contains("answered 3: no answer");
    assertThat(outcomes()).containsExactly(Map.entry("411", "UNDONE"));
    assertThat(first.init()).isEqualTo(init);
    assertThat(first.text("cat /srv/written; grep -c ^me: /etc/passwd"))
        .isEqualTo("written before\n1");
    template.check(first, 1, "after its health command refused");
    first.sh("sed -i /^me:/d /etc/passwd").ok();
  }

  @Test
  void restartRenewsEverything_whateverIsSaidOfServices() {
    int init = first.init();
    for (String policy : List.of("never", "auto")) {
      rollout("--to", "2", "--restart", "--restart-services", policy, "411").ok();
      JsonNode report =
          JsonMapper.shared().readTree(host.run("vzpkg", "report", "-j").ok().stdout()).get(0);
      assertThat(report.get("way").asString()).isEqualTo("restart");
      for (String nothing : List.of("restarted", "reexecuted", "stale")) {
        assertThat(report.get(nothing).isEmpty()).as("%s, %s", policy, nothing).isTrue();
      }
      assertThat(first.init()).isNotEqualTo(init);
      template.check(first, 2, "after a restart");
      host.run("vzpkg", "rollback", NAME, "--to", "1", "411").ok();
    }
    rollout("--to", "2", "--restart", "--restart-services", "perhaps", "411")
        .ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void restartThatFailsMoreUnits_goesBack() {
    CommandResult bad = rollout("--to", "3", "--restart", "411").ended(ExitCode.SYSTEM);
    assertThat(bad.stderr()).contains("failed units: bad.service");
    assertThat(outcomes()).containsExactly(Map.entry("411", "UNDONE"));
    template.check(first, 1, "after a unit failed");
    assertThat(first.text("systemctl is-system-running")).isEqualTo("running");
  }

  @Test
  void restartThatIsNotReadyInTime_goesBack() {
    CommandResult late =
        rollout("--to", "4", "--restart", "--timeout", "3", "411").ended(ExitCode.SYSTEM);
    assertThat(late.stderr()).contains("did not come up within 3 s");
    assertThat(outcomes()).containsExactly(Map.entry("411", "UNDONE"));
    template.check(first, 1, "after it did not get ready");
    assertThat(first.text("systemctl is-system-running")).isEqualTo("running");
  }

  @Test
  void wavesEnd_whenTooManyFail() {
    String unwell = "test $(hostname) != ct411";
    first.sh("hostname ct411").ok();
    rollout("--to", "2", "--waves", "1,50%,100%", "--health", unwell).ended(ExitCode.SYSTEM);
    assertThat(outcomes())
        .containsEntry("411", "UNDONE")
        .containsEntry("412", "UNTRIED")
        .containsEntry("413", "UNTRIED")
        .containsEntry("414", "UNTRIED");
    assertThat(host.run("vzpkg", "report").ok().stdout())
        .contains("stopped: 1 failed, 0 were allowed to");
    rollout("--to", "2", "--waves", "1,50%,100%", "--health", unwell, "--max-failures", "1")
        .ended(ExitCode.SYSTEM);
    assertThat(outcomes()).containsEntry("411", "UNDONE").containsEntry("413", "DONE");
    assertThat(generations())
        .isEqualTo(new TreeMap<>(Map.of("411", 1, "412", 2, "413", 2, "414", 2)));
    template.check(second, 2, "after the others failed");
  }

  @Test
  void whileOneIsUnderWay_anotherIsRefusedAndItCanBeCancelled() {
    first.sh("touch /run/only-411").ok();
    RunningCommand slow =
        host.begin("vzpkg", "rollout", NAME, "--to", "2", "--waves", "1", "--health", wait(first));
    awaitInside(first);
    CommandResult other = rollout("--to", "2").ended(ExitCode.LOCKED);
    assertThat(other.stderr()).contains("template debian-12 already locked by \"rollout\"");
    template.beginUpdate(9).finish(LONG).ended(ExitCode.LOCKED);
    host.run("vzpkg", "gc", NAME).ended(ExitCode.LOCKED);
    long operation = running("rollout");
    Api.post(host, "/v1/operations/" + operation + "/cancel", "");
    release(first);
    slow.finish(LONG).ended(ExitCode.BEHIND);
    assertThat(outcomes())
        .containsEntry("411", "DONE")
        .containsEntry("412", "UNTRIED")
        .containsEntry("414", "UNTRIED");
    assertThat(host.run("vzpkg", "report").ok().stdout()).contains("it was cancelled");
    rollout("--to", "2").ok();
    all.forEach(guest -> template.check(guest, 2, "after the roll-out was begun anew"));
  }

  @Test
  void daemonRestartInTheMiddle_isGoneOnWith() {
    first.sh("touch /run/only-411").ok();
    RunningCommand slow =
        host.begin("vzpkg", "rollout", NAME, "--to", "2", "--waves", "1", "--health", wait(first));
    awaitInside(first);
    host.kill9();
    slow.finish(LONG).ended(ExitCode.SYSTEM);
    release(first);
    host.startDaemon();
    template.awaitRuns("after the daemon was started again");
    assertThat(outcomes().values()).hasSize(4).containsOnly("DONE");
    all.forEach(guest -> template.check(guest, 2, "after the run went on"));
  }

  @Test
  void nextStart_movesNobodyBefore() {
    rollout("--to", "2", "--next-start", "411").ended(ExitCode.BEHIND);
    assertThat(outcomes()).containsExactly(Map.entry("411", "PENDING"));
    template.check(first, 1, "before its next start");
    host.run("vzpkg", "status", NAME).ended(ExitCode.BEHIND);
    first.vzctl("restart", "--wait").ok();
    template.check(first, 2, "after its next start");
  }

  @Test
  void pinned_staysAndIsNamed() {
    host.run("vzpkg", "pin", "411").ok();
    rollout("--to", "2").ended(ExitCode.BEHIND);
    assertThat(outcomes()).containsEntry("411", "PINNED").containsEntry("412", "DONE");
    template.check(first, 1, "while it is pinned");
    assertThat(host.run("vzpkg", "report").ok().stdout()).contains("vzpkg unpin 411");
    host.run("vzpkg", "unpin", "411").ok();
    rollout("--to", "2").ok();
    template.check(first, 2, "after it was let in again");
  }

  @Test
  void fileOpenForWriting_putsItOffUntilItIsClosed() {
    first.sh("exec 9>/usr/share/busy; (sleep 1000 9>&9) & echo $! >/run/writer").ok();
    CommandResult busy = rollout("--to", "2", "411").ended(ExitCode.BEHIND);
    assertThat(busy.stdout()).contains("/usr").contains("open for writing");
    assertThat(outcomes()).containsExactly(Map.entry("411", "PENDING"));
    template.check(first, 1, "while a file is open for writing");
    first.sh("kill $(cat /run/writer)").ok();
    rollout("--to", "2", "411").ok();
    template.check(first, 2, "after the file was closed");
    assertThat(first.text("ls /usr/share/busy")).isEqualTo("/usr/share/busy");
  }

  @Test
  void generationsShareTheirFiles_andAStartDropsCopies() {
    rollout("--to", "2", "411").ok();
    String library = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    // Overlays keep the inode number of the layer that has the file: one file, one page cache.
    String inode = first.text("stat -c %i " + library);
    assertThat(second.text("stat -c %i " + library)).isEqualTo(inode);
    assertThat(inodeOf(host.stateDir().resolve("template/" + NAME + "/0/fs" + library)))
        .isEqualTo(inode);
    long copied = files(first);
    first.vzctl("restart", "--wait").ok();
    assertThat(files(first)).isLessThan(copied);
    template.check(first, 2, "after copies were dropped");
    JsonNode status =
        JsonMapper.shared().readTree(Api.get(host, "/v1/templates/" + NAME + "/status"));
    assertThat(status.get("bytes").asLong()).isPositive();
    assertThat(status.get("containers").size()).isEqualTo(4);
  }

  private static String inodeOf(Path file) {
    try {
      return String.valueOf(Files.getAttribute(file, "unix:ino"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long files(Guest guest) {
    try (var walk = Files.walk(guest.privateArea().resolve("delta"))) {
      return walk.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A health command that does not end before {@link #release}; elsewhere it ends at once. */
  private static String wait(Guest guest) {
    return "test -e /run/only-"
        + guest.ctid()
        + " || exit 0; touch /run/inside; while test -e /run/only-"
        + guest.ctid()
        + "; do sleep 0.05; done";
  }

  private void awaitInside(Guest guest) {
    Path flag = guest.proc("root/run/inside");
    Guest.await("the health command runs", LONG, () -> Files.exists(flag));
  }

  /** Also while no daemon is there. */
  private static void release(Guest guest) {
    try {
      Files.delete(guest.proc("root/run/inside"));
      Files.delete(guest.proc("root/run/only-" + guest.ctid()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long running(String kind) {
    for (JsonNode operation : JsonMapper.shared().readTree(Api.get(host, "/v1/operations"))) {
      if (operation.get("kind").asString().equals(kind)
          && operation.get("state").asString().equals("RUNNING")) {
        return operation.get("id").asLong();
      }
    }
    throw new AssertionError("no " + kind + " is under way");
  }

  private CommandResult rollout(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "rollout";
    words[1] = NAME;
    System.arraycopy(options, 0, words, 2, options.length);
    return host.run("vzpkg", words);
  }

  /** Outcome by CTID of the latest run. */
  private Map<String, String> outcomes() {
    Map<String, String> out = new TreeMap<>();
    for (JsonNode row :
        JsonMapper.shared().readTree(host.run("vzpkg", "report", "-j").ok().stdout())) {
      out.put(row.get("ctid").asString(), row.get("outcome").asString());
    }
    return out;
  }

  private Map<String, Integer> generations() {
    Map<String, Integer> out = new TreeMap<>();
    all.forEach(guest -> out.put(guest.ctid(), template.generation(guest)));
    return out;
  }

  private String[] ctids() {
    return all.stream().map(Guest::ctid).toArray(String[]::new);
  }
}
