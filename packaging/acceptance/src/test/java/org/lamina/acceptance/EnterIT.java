package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** {@code vzctl enter}, typed on a real terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnterIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String CTRL_Z = "\u001a";
  private static final String INSIDE = "root@box:~# ";

  private LaminaHost host;
  private Guest guest;
  private Terminal terminal;
  private String before;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 701, "debian-12", "--hostname", "box").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void openTerminal() {
    terminal = new Terminal(host, 40, 100);
    before = terminal.settings();
  }

  @AfterEach
  void closeTerminal() {
    terminal.close();
  }

  private void enter() {
    terminal.ask("vzctl enter 701", "entered into CT 701");
    terminal.await(INSIDE);
  }

  private void backOnTheHost(int code) {
    terminal.await("host:" + code + "> ");
    assertThat(terminal.settings()).isEqualTo(before);
    terminal.ask("echo $((40+3))", "43").await("host:0> ");
  }

  @Test
  void itIsAProperTerminal() {
    enter();
    terminal.ask("echo size $(stty size)", "size 40 100\r\n").await(INSIDE);
    terminal.ask("echo term $TERM.", "term xterm-256color.\r\n").await(INSIDE);
    terminal
        .ask("echo $(id -un) in $(pwd) on $(hostname)", "root in /root on box\r\n")
        .await(INSIDE);
    terminal
        .ask("echo $(tty) $(stat -c %U:%G:%a $(tty))", "/dev/pts/")
        .await(" root:tty:6")
        .await(INSIDE);
    terminal.ask("case $- in *i*m*) echo job\\ control;; esac", "job control\r\n").await(INSIDE);
    terminal.ask("shopt -q login_shell && echo log\\in", "login\r\n").await(INSIDE);
    terminal.ask("env | grep -c -e LAMINA -e SOCKET", "0\r\n").await(INSIDE);
    terminal.ask("echo -e '\\xe4\\xb8\\x96' é", "世 é\r\n").await(INSIDE);
    terminal.ask("ls /proc/self/fd | tr '\\n' .", "0.1.2.3.").await(INSIDE);
    assertThat(terminal.printed()).doesNotContain("no job control").doesNotContain("cannot set");
    terminal.ask("exit", "exited from CT 701");
    backOnTheHost(0);
  }

  @Test
  void keysControlJobs() {
    enter();
    terminal.ask("echo a; sleep 1000", "a\r\n");
    awaitInside("sleep 1000");
    terminal.type(CTRL_C);
    terminal.await("^C").await(INSIDE).ask("echo code $?", "code 130").await(INSIDE);
    terminal.ask("echo b; sleep 1001", "b\r\n");
    awaitInside("sleep 1001");
    terminal.type(CTRL_Z);
    terminal.await("Stopped").await(INSIDE).ask("jobs", "Stopped").await(INSIDE);
    terminal.ask("bg", "sleep 1001 &").await(INSIDE).ask("jobs", "Running").await(INSIDE);
    terminal.ask("fg", "sleep 1001");
    Terminal.pause(100);
    terminal.type(CTRL_C);
    terminal.await(INSIDE).ask("jobs; echo code $?", "code 0").await(INSIDE);
    terminal.ask("cat > /tmp/typed", "\r\n");
    terminal.type("one\rtwo\r" + CTRL_D);
    terminal.await(INSIDE).ask("wc -l < /tmp/typed", "2\r\n").await(INSIDE);
    terminal.type(CTRL_D);
    terminal.await("logout");
    backOnTheHost(0);
  }

  private void awaitInside(String commandLine) {
    Guest.await(
        commandLine + " runs", SOON, () -> guest.sh("pgrep -fx '" + commandLine + "'").exit() == 0);
  }

  @Test
  void theWindowsSizeFollows() {
    enter();
    terminal.ask("trap 'echo now $(stty size)' WINCH; echo o\\k", "ok").await(INSIDE);
    terminal.resize(50, 132);
    terminal.await("now 50 132");
    terminal.resize(24, 80);
    terminal.await("now 24 80");
    terminal.type("\r");
    terminal.await(INSIDE).ask("exit", "exited from");
    terminal.resize(40, 100);
    backOnTheHost(0);
  }

  @Test
  void theShellsExitCodeIsTheCommands() {
    enter();
    terminal.ask("exit 7", "exited from CT 701");
    backOnTheHost(7);
    terminal
        .ask("vzctl enter 701 --exec 'echo first; tty'", "first\r\n")
        .await("/dev/pts/")
        .await(INSIDE);
    terminal.ask("exit 3", "exited from");
    backOnTheHost(3);
  }

  @Test
  void aLongPasteLosesNothing() {
    enter();
    terminal.ask("cat > /tmp/paste", "\r\n");
    StringBuilder paste = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      paste.append("line ").append(i).append(" of a long paste\r");
    }
    terminal.type(paste.toString());
    terminal.await("line 2999 of").type("\r" + CTRL_D);
    terminal.await(INSIDE).ask("grep -c paste /tmp/paste", "3000\r\n").await(INSIDE);
    terminal
        .ask("seq 300000 | tee /tmp/seq | tail -n +1; echo e\\nd", "300000\r\nend\r\n")
        .await(INSIDE);
    assertThat(terminal.printed())
        .contains("\r\n299999\r\n300000\r\n")
        .contains("\r\n150000\r\n150001\r\n");
    terminal.ask("exit", "exited from");
    backOnTheHost(0);
  }

  @Test
  void theInsideCannotTypeIntoTheCallersTerminal() {
    enter();
    // TIOCSTI on everything the session has; then leave input behind in the inner terminal.
    terminal.ask(
        "perl -e 'for my $f (0..9) { open my $h, \"+<&=$f\" or next; for (split //, \"echo in\".\"jected\\n\")"
            + " { my $c = $_; ioctl $h, 0x5412, $c } } print \"tri\", \"ed\\n\"'",
        "tried");
    terminal.type("exit\r");
    terminal.await("exited from");
    terminal.await("host:");
    Terminal.pause(300);
    assertThat(terminal.rest()).doesNotContain("injected");
    terminal.ask("echo $((40+3))", "43");
    assertThat(terminal.settings()).isEqualTo(before);
    enter();
    terminal.ask("readlink /proc/self/fd/0 /proc/$$/fd/2; ls /dev/pts", "ptmx").await(INSIDE);
    terminal.ask("(sleep 1; exit 1) & exec sleep 0", "exited from");
    backOnTheHost(0);
  }

  @Test
  void theTerminalIsRestoredWhenTheDaemonDies() {
    enter();
    host.kill9();
    terminal.await("laminad went away");
    backOnTheHost(ExitCode.SYSTEM.code());
    host.startDaemon();
    enter();
    terminal.ask("exit 4", "exited from");
    backOnTheHost(4);
  }

  @Test
  void theTerminalIsRestoredWhenTheContainerStops() {
    Guest other = Guest.create(host, 702, "debian-12").started();
    terminal.ask("vzctl enter 702", "entered into CT 702").await("# ");
    other.vzctl("stop", "--fast").ok();
    terminal.await("exited from CT 702");
    backOnTheHost(137);
    other.destroy();
  }

  @Test
  void aKilledClientLeavesNoShellBehind() {
    enter();
    terminal.ask("sleep 1002", "\r\n");
    awaitInside("sleep 1002");
    ProcessHandle.of(terminal.client()).orElseThrow().destroyForcibly();
    terminal.await("Killed");
    Guest.await("the job ended", SOON, () -> guest.sh("pgrep -fx 'sleep 1002'").exit() != 0);
    Guest.await("the shell ended", SOON, () -> guest.sh("ls /dev/pts/[1-9]*").exit() != 0);
  }

  @Test
  void closingTheWindowEndsTheShell() {
    enter();
    terminal.ask("sleep 1003", "\r\n");
    awaitInside("sleep 1003");
    terminal.close();
    Guest.await("the shell ended", SOON, () -> guest.sh("pgrep -fx 'sleep 1003'").exit() != 0);
    terminal = new Terminal(host, 40, 100);
  }

  @Test
  void withoutATerminalTheShellReadsItsInput() {
    CommandResult result =
        host.run(
            "id -un; pwd; exit 4\n".getBytes(StandardCharsets.UTF_8),
            SOON,
            "vzctl",
            "enter",
            "701");
    assertThat(result.ended(4).stdout()).isEqualTo("root\n/root\n");
    Guest stopped = Guest.create(host, 703, "debian-12");
    stopped.vzctl("enter").ended(ExitCode.NOT_RUNNING);
    terminal.ask("vzctl enter 703", "not running");
    backOnTheHost(31);
    stopped.destroy();
  }
}
