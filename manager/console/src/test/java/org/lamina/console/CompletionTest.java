package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.console.client.Daemon;
import org.lamina.console.command.Commands;
import org.lamina.console.command.Toolbox;
import org.lamina.console.line.Words;
import org.lamina.console.shell.Completion;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.NoKeyboard;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.shell.Vocabulary;
import org.lamina.console.view.Screen;

class CompletionTest {
  @TempDir Path directory;
  private FakeDaemon fake;
  private final AtomicLong nanos = new AtomicLong();
  private Completion completion;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeDaemon(directory);
    Path api = Path.of("src/test/resources/api");
    fake.json("GET /v1/containers", Files.readString(api.resolve("containers.json")));
    fake.json("GET /v1/templates", Files.readString(api.resolve("templates.json")));
    fake.json("GET /v1/operations?limit=50", Files.readString(api.resolve("operations.json")));
    Daemon daemon = Daemon.impatient(fake.socket());
    Vocabulary vocabulary = new Vocabulary(daemon, nanos::get);
    Toolbox tools =
        new Toolbox(
            daemon,
            vocabulary,
            new Interrupts(),
            new FakePrograms(),
            new Surroundings(Screen.plain(new PrintWriter(new StringWriter())), false));
    completion =
        new Completion(
            Commands.all(tools, new NoKeyboard(), Clock.systemUTC(), "0").stream()
                .map(ConsoleCommand::spec)
                .toList(),
            vocabulary);
  }

  @AfterEach
  void stop() throws IOException {
    fake.close();
  }

  /** What is offered at the end of a line, as far as it fits what is typed. */
  private List<String> offers(String line) {
    List<String> words = new ArrayList<>(Words.split(line));
    String current = line.isEmpty() || line.endsWith(" ") ? "" : words.removeLast();
    return completion.after(words, current).stream()
        .map(Completion.Offer::word)
        .filter(w -> w.startsWith(current))
        .toList();
  }

  @Test
  void commands() {
    assertThat(offers("")).contains("container", "template", "start", "help", "vzctl");
    assertThat(offers("cont")).containsExactly("container");
    assertThat(offers("container st")).containsExactly("start", "stat", "status", "stop");
    assertThat(offers("help container de")).containsExactly("delete", "destroy");
    assertThat(offers("nothing ")).isEmpty();
  }

  @Test
  void containersByWhatACommandCanUse() {
    assertThat(offers("show ")).containsExactly("140", "web3", "101", "web1", "102");
    assertThat(offers("container start ")).containsExactly("102");
    assertThat(offers("stop w")).containsExactly("web3", "web1");
    assertThat(offers("stop 101,web")).containsExactly("101,web3", "101,web1");
    assertThat(offers("stop --fast ")).contains("101");
    assertThat(offers("stop 101 ")).isEmpty();
    assertThat(offers("stop label:")).containsExactly("label:env=prod", "label:tier=web");
    assertThat(offers("stop 101,label:t")).containsExactly("101,label:tier=web");
    assertThat(offers("rollout debian-12 web")).containsExactly("web3", "web1");
    assertThat(offers("rollout debian-12 101 ")).isEmpty();
    assertThat(offers("exec 101 l")).isEmpty();
    assertThat(offers("exec 101 -")).isEmpty();
  }

  @Test
  void options() {
    assertThat(offers("start --"))
        .containsExactly("--wait", "--timeout", "--force", "--json", "--help");
    assertThat(offers("start --wait --f")).containsExactly("--force");
    assertThat(offers("start --wait --w")).isEmpty();
    assertThat(offers("set 101 --onboot ")).containsExactly("yes", "no");
    assertThat(offers("create 105 --ostemplate ")).containsExactly("debian-12");
    assertThat(offers("set 101 --ram ")).isEmpty();
  }

  @Test
  void listOptionValues() {
    assertThat(offers("list --sort c")).containsExactly("ctid", "cpulimit");
    assertThat(offers("list --sort -m")).containsExactly("-memory");
    assertThat(offers("list -o ctid,mem")).containsExactly("ctid,memory");
    assertThat(offers("stat --sort ")).containsExactly("cpu", "memory", "numproc", "ctid");
  }

  @Test
  void templatesAndOperations() {
    assertThat(offers("template create ")).containsExactly("debian-11", "debian-12");
    assertThat(offers("template remove ")).containsExactly("debian-12");
    assertThat(offers("watch ")).containsExactly("19");
  }

  @Test
  void wordsAreAskedForOnceAMoment() {
    assertThat(offers("show ")).isNotEmpty();
    assertThat(offers("show w")).isNotEmpty();
    assertThat(fake.requests()).hasSize(1);
    nanos.addAndGet(3_000_000_000L);
    assertThat(offers("show ")).isNotEmpty();
    assertThat(fake.requests()).hasSize(2);
  }

  @Test
  void aDaemonThatIsAwayIsNoTrouble() throws IOException {
    fake.stop();
    assertThat(offers("show ")).isEmpty();
    assertThat(offers("container st")).hasSize(4);
  }
}
