package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.FakeContainers;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.cli.Screen;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class VzctlTest {
  private final FakeContainers containers = new FakeContainers();
  private final FakeTemplates templates = new FakeTemplates();
  private final Vzctl vzctl = new Vzctl(containers, templates, "0.1.0");
  private final Screen screen = new Screen();

  @BeforeEach
  void twoContainers() {
    containers.views.add(Samples.running(101, "web", "web1"));
    containers.views.add(Samples.stopped(102, null, null));
    templates.views.add(Samples.built("debian-12"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start 101 | start 101 null false",
        "start web --wait | start 101 PT2M false",
        "start 101 --wait --timeout 7 --force | start 101 PT7S true",
        "stop 101 | stop 101 false",
        "stop --fast 101 | stop 101 true",
        "restart 101 --wait --fast | restart 101 PT2M false true",
        "destroy 102 | destroy 102",
        "delete 102 | destroy 102",
        "mount 102 | mount 102",
        "umount 102 | umount 102",
        "unregister 102 | unregister 102",
        "register /srv/x/../103 103 --force | register /srv/103 103 true",
        "set 101 --ram 1G --save | set 101 true",
        "set web --cpuunits 8 | set 101 false",
        "create 103 --ostemplate debian-12 | create 103",
      })
  void commands_reachTheService(String line, String call) {
    assertThat(screen.run(vzctl, line.split(" "))).isZero();
    assertThat(containers.calls).containsExactly(call);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | strat 101 | Did you mean start?",
        "20 | snapshot 101 | not in this release",
        "20 | start 101 102 | unexpected argument 102",
        "21 | start | no CTID",
        "21 | start 101 --wiat | Did you mean --wait?",
        "21 | start 101 --timeout 5 | needs --wait",
        "21 | start 101 --wait --timeout 0 | from 1 to",
        "21 | stop 101 --skip-umount | not in this release",
        "14 | start 999 | 999",
        "21 | start ../x | Bad CT ID",
        "21 | --bogus start 101 | unknown option --bogus",
        "21 | create 100 | reserved",
        "21 | create 2147483645 | Bad CT ID",
        "21 | create web9 | Bad CT ID",
        "21 | create 103 --skip_app_templates | not in this release",
        "21 | create 103 --layout ploop | not in this release",
        "21 | register private/101 101 | absolute path",
        "21 | register /x | a path and a CTID",
        "20 | exec 101 | no command",
        "21 | exec | no CTID",
        "31 | exec2 102 true | not running",
        "8 | exec 102 true | not running",
        "31 | enter 102 | not running",
        "20 | enter 101 ls | --exec",
        "21 | enter 101 --exec | needs a command",
        "21 | console 101 2 | one console",
        "20 | runscript 101 | no script",
        "20 | set 101 | nothing to set",
        "21 | set 0 --cpuunits 1000 --save | host itself",
      })
  void badLines_failWithTheirCodeAndReachNothing(int code, String line, String message) {
    assertThat(screen.run(vzctl, line.split(" "))).isEqualTo(code);
    assertThat(screen.err.toString()).contains(message);
    assertThat(screen.out.toString()).isEmpty();
    assertThat(containers.calls).isEmpty();
  }

  @Test
  void lines_goToStdoutAndWarningsToStderr() {
    screen.run(vzctl, "start", "101");
    assertThat(screen.out.toString()).isEqualTo("Container start in progress...\n");
    assertThat(screen.err.toString()).isEqualTo("Warning: be careful\n");
    assertThat(screen.progress.toString()).isEqualTo("50 booting\n");
  }

  @Test
  void quiet_keepsOnlyWarnings() {
    screen.run(vzctl, "--quiet", "start", "101");
    assertThat(screen.out.toString()).isEmpty();
    assertThat(screen.err.toString()).isEqualTo("Warning: be careful\n");
    assertThat(screen.progress.toString()).isEmpty();
  }

  @Test
  void verbose_tellsSteps() {
    screen.run(vzctl, "--verbose", "--verbose", "start", "101");
    assertThat(screen.err.toString()).contains("50% booting");
  }

  @Test
  void flagsWithoutEffect_areSaid() {
    assertThat(screen.run(vzctl, "--skiplock", "start", "101", "--skip-fsck")).isZero();
    assertThat(screen.err.toString())
        .contains("Warning: --skiplock has no effect")
        .contains("Warning: --skip-fsck has no effect");
  }

  @Test
  void stopOfAStoppedContainer_isAnErrorLineAndSuccess() {
    containers.failure = new LaminaException(ExitCode.NOT_RUNNING, "Container is not running");
    assertThat(screen.run(vzctl, "stop", "102")).isZero();
    assertThat(screen.err.toString()).isEqualTo("Container is not running\n");
    containers.failure = new LaminaException(ExitCode.LOCKED, "Container is locked");
    assertThat(screen.run(vzctl, "stop", "102")).isEqualTo(9);
  }

  @Test
  void create_passesWhatWasTyped() {
    templates.views.add(Samples.built("debian-13"));
    screen.run(
        vzctl,
        "create",
        "103",
        "--ostemplate",
        "debian-12-" + (System.getProperty("os.arch").equals("amd64") ? "x86_64" : "arm64"),
        "--hostname",
        "h;1",
        "--name=n 1",
        "--description",
        "%s \n",
        "--config",
        "basic",
        "--privileged");
    assertThat(containers.created.template()).isEqualTo("debian-12");
    assertThat(containers.created.hostname()).isEqualTo("h;1");
    assertThat(containers.created.name()).isEqualTo("n 1");
    assertThat(containers.created.description()).isEqualTo("%s \n");
    assertThat(containers.created.sample()).isEqualTo("basic");
    assertThat(containers.created.privileged()).isTrue();
  }

  @Test
  void create_leavesTheTemplateOpen() {
    screen.run(vzctl, "create", "103");
    assertThat(containers.created.template()).isNull();
    assertThat(containers.created.privileged()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "999, CTID 999 deleted unmounted down",
    "5, CTID 5 deleted unmounted down",
    "0, CTID 0 deleted unmounted down",
    "0999, CTID 999 deleted unmounted down"
  })
  void status_ofAnUnknownNumberIsALine(String ctid, String line) {
    assertThat(screen.run(vzctl, "--verbose", "status", ctid)).isZero();
    assertThat(screen.out.toString()).isEqualTo(line + "\n");
    assertThat(screen.err.toString()).isEmpty();
  }

  @Test
  void status_takesANameAndPrintsTheNumber() {
    assertThat(screen.run(vzctl, "status", "web")).isZero();
    assertThat(screen.out.toString()).startsWith("CTID 101 ").endsWith(" mounted running\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "2147483645", "99999999999", "../x", "%s"})
  void status_ofAnUnknownNameIs21(String name) {
    assertThat(screen.run(vzctl, "status", name)).isEqualTo(21);
    assertThat(screen.err.toString()).startsWith("Bad CT ID ");
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, CTID 101 exist mounted running",
    "MOUNTED, CTID 101 exist mounted down",
    "STOPPED, CTID 101 exist unmounted down"
  })
  void status_line(ContainerView.Status status, String line, @TempDir Path area) {
    ContainerView v = Samples.view(containers.views.getFirst().container(), status);
    ContainerView there =
        new ContainerView(
            v.container(), status, v.root(), area, v.usage(), v.startedAt(), v.ready(), null, null);
    assertThat(StatusCommand.line(there)).isEqualTo(line);
    ContainerView gone =
        new ContainerView(
            v.container(),
            status,
            v.root(),
            area.resolve("gone"),
            v.usage(),
            v.startedAt(),
            v.ready(),
            null,
            null);
    assertThat(StatusCommand.line(gone)).isEqualTo(line.replace("exist", "deleted"));
  }

  @Test
  void noArguments_isUsage() {
    assertThat(screen.run(vzctl)).isEqualTo(20);
    assertThat(screen.err.toString()).contains("Usage: vzctl");
  }

  @Test
  void version_andHelp() {
    assertThat(screen.run(vzctl, "--version")).isZero();
    assertThat(screen.out.toString()).isEqualTo("vzctl version 0.1.0 (Lamina)\n");
    assertThat(screen.run(vzctl, "--help")).isZero();
    assertThat(screen.run(vzctl, "help")).isZero();
    assertThat(screen.run(vzctl, "help", "nothing")).isEqualTo(20);
  }

  @Test
  void everyCommand_hasHelpWithAnExample() {
    for (CommandSpec spec : vzctl.commands()) {
      Screen one = new Screen();
      assertThat(one.run(vzctl, "help", spec.name())).isZero();
      assertThat(one.out.toString()).contains("Usage: vzctl " + spec.name()).contains("Example");
      Screen two = new Screen();
      assertThat(two.run(vzctl, spec.name(), "--help")).isZero();
      assertThat(two.out.toString()).isEqualTo(one.out.toString());
    }
  }
}
