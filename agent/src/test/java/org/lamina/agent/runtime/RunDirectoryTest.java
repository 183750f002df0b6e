package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.agent.ExitCause;
import org.lamina.schema.Ctid;

class RunDirectoryTest {
  private static final RunState STATE =
      new RunState(4711, 99, 4709, Instant.ofEpochMilli(5), 65_536, Path.of("/x/console.log"));

  @TempDir Path runDir;

  @Test
  void state_survivesWritingAndReading() {
    RunDirectory run = prepared(101);
    run.writeState(STATE.toMap());
    assertThat(run.readState().flatMap(RunState::parse)).contains(STATE);
  }

  @Test
  void state_isAbsentBeforeItWasWrittenAndWhenCutShort() {
    assertThat(prepared(101).readState()).isEmpty();
    assertThat(RunState.parse(Map.of("init", "4711"))).isEmpty();
    assertThat(RunState.parse(Map.of("init", "47x"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"129, REBOOT", "130, HALTED", "137, KILLED", "0, DIED", "127, DIED"})
  void exitCause_followsWhatRebootDoesInAPidNamespace(int status, ExitCause.Kind kind)
      throws IOException {
    RunDirectory run = prepared(101);
    assertThat(run.exitCause()).isEmpty();
    Files.writeString(run.exitFile(), status + "\n");
    assertThat(run.exitCause()).contains(new ExitCause(kind, status));
  }

  @Test
  void exitCause_knowsHowUnshareEndsWhenInitWasKilled() throws IOException {
    RunDirectory run = prepared(101);
    Files.writeString(run.exitFile(), "1\n");
    assertThat(run.exitCause()).contains(new ExitCause(ExitCause.Kind.DIED, 1));
    Files.writeString(run.launchLog(), "unshare: sigprocmask unblock failed: Invalid argument\n");
    assertThat(run.exitCause()).contains(RunDirectory.KILLED);
  }

  @Test
  void prepare_removesWhatAnEarlierRunLeft() throws IOException {
    RunDirectory run = prepared(101);
    Files.writeString(run.exitFile(), "130\n");
    run.prepare(UUID.randomUUID());
    assertThat(run.exitCause()).isEmpty();
  }

  @Test
  void prepare_letsTheContainerSearchButNotListOrReadWhatIsTheHosts() throws IOException {
    RunDirectory run = prepared(101);
    assertThat(modeOf(runDir.resolve("ct"))).isEqualTo("rwx--x--x");
    assertThat(modeOf(run.workplace().mask())).isEqualTo("---------");
    assertThat(modeOf(run.hostDirectory().resolve("container-uuid"))).isEqualTo("r--r--r--");
  }

  @Test
  void all_listsContainersAndNothingElse() throws IOException {
    prepared(101);
    prepared(2_147_483_644);
    Files.createDirectory(runDir.resolve("ct/lost+found"));
    assertThat(RunDirectory.all(runDir)).containsExactly(new Ctid(101), new Ctid(Ctid.MAX));
    assertThat(RunDirectory.all(runDir.resolve("none"))).isEmpty();
  }

  @Test
  void remove_isIdempotentAndDoesNotFollowLinks() throws IOException {
    RunDirectory run = prepared(101);
    Path outside = Files.writeString(runDir.resolve("outside"), "kept");
    Files.createSymbolicLink(run.path().resolve("link"), runDir);
    run.remove();
    run.remove();
    assertThat(run.path()).doesNotExist();
    assertThat(outside).hasContent("kept");
  }

  private RunDirectory prepared(int ctid) {
    RunDirectory run = RunDirectory.of(runDir, new Ctid(ctid));
    run.prepare(UUID.randomUUID());
    return run;
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
