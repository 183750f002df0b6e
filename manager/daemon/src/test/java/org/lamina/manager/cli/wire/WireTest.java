package org.lamina.manager.cli.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Caller;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Program;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class WireTest {
  private final Map<String, String> headers = new HashMap<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final FrameWriter frames = new FrameWriter(bytes);
  private final Sessions sessions = new Sessions();
  private final FakePort port = new FakePort();

  /** A process with descriptors; number 9 is a terminal. */
  private static final class FakePort implements CallerPort {
    private int owner = 1000;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final List<Integer> open = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private int handles;

    @Override
    public Handle open(int pid) {
      handles++;
      return new Handle() {
        @Override
        public int ownerUid() {
          return owner;
        }

        @Override
        public Fd take(int number) {
          open.add(number);
          return new Fd(number, n -> open.removeIf(o -> o == n));
        }

        @Override
        public CompletableFuture<Void> gone() {
          return gone;
        }

        @Override
        public void close() {
          handles--;
        }
      };
    }

    @Override
    public void send(Fd socket, Fd descriptor) {
      sent.add(descriptor.number() + " over " + socket.number());
    }

    @Override
    public boolean isTerminal(Fd descriptor) {
      return descriptor.number() == 9;
    }
  }

  private interface Body {
    int run(Call call);
  }

  private static Program program(Body body) {
    return new Program() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public int run(Call call) {
        return body.run(call);
      }

      @Override
      public List<CommandSpec> commands() {
        return List.of();
      }
    };
  }

  /** A process that ends when it is told to. */
  private static final class Run implements ExecHandle {
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final List<Integer> signals = new ArrayList<>();
    private final boolean stubborn;

    private Run(boolean stubborn) {
      this.stubborn = stubborn;
    }

    @Override
    public int pid() {
      return 77;
    }

    @Override
    public CompletableFuture<Integer> exit() {
      return exit;
    }

    @Override
    public void signal(int number) {
      signals.add(number);
      if (number == 9 || !stubborn) {
        exit.complete(128 + number);
      }
    }

    @Override
    public java.util.Optional<Fd> terminal() {
      return java.util.Optional.of(new Fd(50, n -> signals.add(-1)));
    }
  }

  @BeforeEach
  void goodHeaders() {
    headers.put("X-Lamina-Pid", "4242");
    headers.put("X-Lamina-Stdio", "0,1,2");
    headers.put("X-Lamina-Control", "7");
    headers.put("X-Lamina-Tty", "1,0,0");
    headers.put("X-Lamina-Size", "50,132");
    headers.put("X-Lamina-Term", "xterm");
  }

  private String run(Body body, String args) {
    new CliRun(Map.of("test", program(body)), port, sessions)
        .run("test", args.getBytes(StandardCharsets.ISO_8859_1), headers::get, 1000, frames);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void arguments_arriveAsTheyWereTyped() {
    List<String> seen = new ArrayList<>();
    String answer =
        run(
            call -> {
              seen.addAll(call.args());
              return 5;
            },
            "a b\0\0\u00c3\u00bc\n\0");
    assertThat(seen).containsExactly("a b", "", "ü\n");
    assertThat(answer).isEqualTo("x1\n5");
    assertThat(port.handles).isZero();
  }

  @Test
  void badUtf8_isRefusedRatherThanChanged() {
    assertThat(run(call -> 0, "ok\0\u00ff\0"))
        .contains("argument 2 is not valid UTF-8")
        .endsWith("x2\n20");
    assertThat(run(call -> 0, "not ended")).contains("x2\n20");
  }

  @Test
  void failures_becomeTextAndCode() {
    assertThat(
            run(
                call -> {
                  throw new LaminaException(ExitCode.LOCKED, "locked by\u001b[2J you", "Wait.");
                },
                ""))
        .isEqualTo("e18\nlocked by?[2J you\ne6\nWait.\nx1\n9");
  }

  @Test
  void surprises_areInternalErrors() {
    assertThat(
            run(
                call -> {
                  throw new IllegalStateException("oops");
                },
                ""))
        .contains("internal error")
        .endsWith("x1\n3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Lamina-Pid | 0",
        "X-Lamina-Pid | -1",
        "X-Lamina-Pid | 99999999",
        "X-Lamina-Stdio | 0,1",
        "X-Lamina-Stdio | 0,1,2,3",
        "X-Lamina-Stdio | 0;1;2",
        "X-Lamina-Control | x",
        "X-Lamina-Tty | 0,1,2",
        "X-Lamina-Size | 70000,80",
        "X-Lamina-Script | /etc/shadow",
      })
  void badHeaders_areRefused(String name, String value) {
    headers.put(name, value);
    assertThat(run(call -> 0, "")).contains("bad request header " + name).endsWith("x2\n20");
  }

  @Test
  void claims_areReadAndOddOnesReplaced() {
    headers.put("X-Lamina-Size", "0,0");
    headers.put("X-Lamina-Term", "x\u001b[0m");
    CallerClaim claim = CallerClaim.read(headers::get);
    assertThat(claim.size()).isEqualTo(ExecSpec.TerminalSize.DEFAULT);
    assertThat(claim.term()).isEqualTo("dumb");
    assertThat(claim.terminals()).containsExactly(true, false, false);
    assertThat(claim.file()).isNull();
    headers.remove("X-Lamina-Pid");
    assertThatThrownBy(() -> CallerClaim.read(headers::get)).hasMessageContaining("missing");
  }

  @Test
  void processOfAnotherUser_isRefused() {
    port.owner = 1001;
    assertThat(
            run(
                call -> {
                  call.caller().takeStdio().close();
                  return 0;
                },
                ""))
        .contains("does not belong to the caller")
        .endsWith("x2\n12");
    assertThat(port.handles).isZero();
    assertThat(port.open).isEmpty();
  }

  @Test
  void terminalDescriptors_areNeverTaken() {
    headers.put("X-Lamina-Stdio", "0,9,2");
    assertThat(run(call -> call.caller().takeStdio().hashCode(), ""))
        .contains("is a terminal")
        .endsWith("x2\n12");
    assertThat(port.open).isEmpty();
  }

  @Test
  void attach_announcesTheSessionAndPassesSignals() {
    Run process = new Run(false);
    String answer =
        run(
            call -> {
              Thread.ofVirtual().start(() -> signalFirstSession());
              return call.caller().attach(process);
            },
            "");
    assertThat(answer).startsWith("t24\n").endsWith("x3\n130");
    assertThat(process.signals).containsExactly(2);
    assertThat(sessions.size()).isZero();
  }

  private void signalFirstSession() {
    while (bytes.size() < 28) {
      Thread.onSpinWait();
    }
    String id = bytes.toString(StandardCharsets.UTF_8).substring(4, 28);
    assertThat(sessions.signal(id, 1001, 9)).isFalse();
    assertThat(sessions.signal("nothing", 0, 9)).isFalse();
    sessions.signal(id, 1000, 2);
  }

  @Test
  void aGoneCaller_hangsItsProcessUp() {
    Run process = new Run(true);
    port.gone.complete(null);
    run(call -> call.caller().attach(process), "");
    assertThat(process.signals).containsExactly(1, 9);
  }

  @Test
  void enter_sendsTheTerminalAndKeepsNoCopy() {
    Run process = new Run(false);
    process.exit.complete(4);
    String answer = run(call -> call.caller().enter(process), "");
    assertThat(answer).startsWith("m30\nenter ").endsWith("x1\n4");
    assertThat(port.sent).containsExactly("50 over 7");
    assertThat(process.signals).containsExactly(-1);
    assertThat(port.open).isEmpty();
  }

  @Test
  void console_isAnnouncedWithItsLog() {
    List<Integer> signals = new ArrayList<>();
    String answer =
        run(
            call -> {
              try (Fd master = new Fd(60, n -> {});
                  Caller.Session session =
                      call.caller()
                          .showConsole(master, java.nio.file.Path.of("/run/c.log"), signals::add)) {
                assertThat(sessions.size()).isEqualTo(1);
                assertThat(session).isNotNull();
              }
              return 0;
            },
            "");
    assertThat(answer).contains(" /run/c.log");
    assertThat(port.sent).containsExactly("60 over 7");
    assertThat(sessions.size()).isZero();
  }

  @Test
  void aFileThatWasNotOpened_isSaid() {
    assertThat(run(call -> call.caller().takeFile().number(), "")).endsWith("x2\n20");
    headers.put("X-Lamina-Script", "8");
    bytes.reset();
    assertThat(CallerClaim.read(headers::get).file()).isEqualTo(8);
  }
}
