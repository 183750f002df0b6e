package org.lamina.manager.cli.lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.FakeContainers;
import org.lamina.manager.cli.FakeNetworks;
import org.lamina.manager.cli.FakePatches;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Program;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.cli.Screen;
import org.lamina.manager.cli.vzctl.Vzctl;
import org.lamina.manager.cli.vzlist.Vzlist;
import org.lamina.manager.cli.vznetstat.Vznetstat;
import org.lamina.manager.cli.vzpkg.Vzpkg;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostEvent;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class LaminaProgramTest {
  private final FakeNetworks networks = new FakeNetworks();
  private final FakeContainers containers = new FakeContainers();
  private final FakeTemplates templates = new FakeTemplates();
  private final List<Operation> history = new ArrayList<>();
  private final List<Program> programs = new ArrayList<>();
  private final Screen screen = new Screen();

  private final Operations operations =
      new Operations() {
        @Override
        public <T> T run(String kind, String target, Listener l, Function<Task, T> work) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Operation submit(String kind, String target, Function<Task, ?> work) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Operation> find(long id) {
          return history.stream().filter(o -> o.id() == id).findFirst();
        }

        @Override
        public List<Operation> latest(int limit) {
          return history.stream().limit(limit).toList();
        }

        @Override
        public boolean cancel(long id) {
          return find(id).map(o -> o.state() == Operation.State.RUNNING).orElse(false);
        }

        @Override
        public Operation follow(long id, Listener listener) {
          listener.say("what it says");
          return find(id)
              .orElseThrow(() -> new LaminaException(ExitCode.BAD_PARAMETER, "no operation " + id));
        }
      };

  private final Events events = new Events();

  @Test
  void events_arePrintedAsTheyHappen_upToTheCountAsked() throws Exception {
    Thread publisher =
        Thread.ofVirtual()
            .start(() -> {
              // whoever follows later hears nothing of what was before
              while (!Thread.currentThread().isInterrupted()) {
                events.publish(HostEvent.Type.OPERATION_BEGUN, "101", "start");
                events.publish(HostEvent.Type.CONTAINER_STARTED, "101", "web\u001b[2J");
                LockSupport.parkNanos(1_000_000);
              }
            });
    try {
      assertThat(run("events --type container -n 2")).isZero();
    } finally {
      publisher.interrupt();
      publisher.join();
    }
    assertThat(screen.out.toString().lines())
        .hasSize(2)
        .allSatisfy(l -> assertThat(l).endsWith("container-started      101  web?[2J"));
    assertThat(run("events -n 0")).isEqualTo(ExitCode.BAD_PARAMETER.code());
  }

  @Test
  void doctorAndUsage_haveJson() {
    assertThat(run("doctor -j")).isIn(0, ExitCode.NO_KERNEL_SUPPORT.code());
    assertThat(screen.out.toString())
        .startsWith("[")
        .contains("\"name\" : \"kernel\"", "\"name\" : \"live exchange\"", "modprobe fuse");
  }

  @Test
  void networks_areMadeAndShown() {
    assertThat(run("network create --subnet 10.9.0.0/24")).isZero();
    assertThat(run("network")).isZero();
    assertThat(screen.out.toString()).contains("lamina0", "10.9.0.0/24", "served");
    assertThat(run("network show lamina0")).isZero();
    assertThat(screen.out.toString()).contains("gateway 10.9.0.1");
    assertThat(run("network show -j")).isZero();
    assertThat(screen.out.toString()).contains("\"gateway\" : \"10.9.0.1\"");
    assertThat(run("network destroy")).isZero();
    assertThat(networks.networks).isEmpty();
    assertThat(run("network paint")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void pools_areDefinedAndListed() {
    assertThat(run("pool create public 192.0.2.10-192.0.2.19")).isZero();
    assertThat(run("pool list")).isZero();
    assertThat(screen.out.toString()).contains("public", "192.0.2.10", "192.0.2.19", "10");
    assertThat(run("pool create two 192.0.2.1/24")).isEqualTo(ExitCode.BAD_IP.code());
    assertThat(run("pool destroy public")).isZero();
    assertThat(networks.pools).isEmpty();
    assertThat(run("pool create")).isEqualTo(ExitCode.USAGE.code());
  }

  @BeforeEach
  void fill() {
    programs.add(new Vznetstat(containers));
    programs.add(new Vzctl(containers, templates, "0.1.0"));
    programs.add(new Vzlist(containers, Clock.systemUTC()));
    programs.add(new Vzpkg(templates, new FakePatches(), "0.1.0"));
    programs.add(
        new LaminaProgram(
            containers,
            templates,
            operations,
            events,
            networks,
            target -> {
              throw new LaminaException(ExitCode.DISK_FULL, "no room for " + target.getFileName());
            },
            CliConfig.of(Path.of("/nonexistent")),
            () -> programs,
            "0.1.0"));
    containers.views.add(Samples.running(101, "web", "web1"));
    containers.views.add(Samples.stopped(102, null, null));
    templates.views.add(Samples.built("debian-12"));
    templates.views.add(Samples.unbuilt("debian-13"));
    history.add(
        new Operation(
            3, "start", "101", Operation.State.RUNNING, Samples.NOW, null, 40, "booting", null));
    history.add(
        new Operation(
            2,
            "create-template",
            "debian-12",
            Operation.State.FAILED,
            Samples.NOW,
            Samples.NOW.plus(Duration.ofMillis(640)),
            -1,
            "disk full",
            46));
  }

  private int run(String line) {
    return screen.run(programs.getLast(), line.isEmpty() ? new String[0] : line.split(" ", -1));
  }

  @Test
  void operations_areATable() {
    assertThat(run("operations")).isZero();
    assertThat(screen.out.toString())
        .isEqualTo(
            """
            ID  KIND             TARGET     STATE        STARTED               TOOK  CODE  MESSAGE
             3  start            101        running 40%  2026-11-20 12:00:00      -     -  booting
             2  create-template  debian-12  failed       2026-11-20 12:00:00  640ms    46  disk full
            """);
  }

  @Test
  void following_endsWithTheOperationsCode() {
    assertThat(run("operations --follow 2")).isEqualTo(46);
    assertThat(screen.out.toString()).isEqualTo("what it says\n");
    assertThat(run("operations --follow 99")).isEqualTo(21);
  }

  @Test
  void cancelling_needsARunningOperation() {
    assertThat(run("operations --cancel 3")).isZero();
    assertThat(run("operations --cancel 2")).isEqualTo(21);
    assertThat(run("operations --cancel x")).isEqualTo(21);
  }

  @Test
  void recover_counts() {
    assertThat(run("recover")).isZero();
    assertThat(screen.out.toString()).isEqualTo("Recovered 2 containers\n");
  }

  @Test
  void shutdown_counts() {
    assertThat(run("shutdown")).isZero();
    assertThat(screen.out.toString()).isEqualTo("2 containers were stopped\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "operations --follow 2 -j | 46 | [{'id':2,'kind':'create-template','target':'debian-12',"
            + "'state':'FAILED','started':'2026-11-20T12:00:00Z','ended':'2026-11-20T12:00:00.640Z',"
            + "'percent':-1,'message':'diskfull','exitCode':46}]",
        "operations --cancel 3 --json | 0 | [{'id':3,'kind':'start','target':'101',"
            + "'state':'RUNNING','started':'2026-11-20T12:00:00Z','ended':null,'percent':40,"
            + "'message':'booting','exitCode':null}]",
        "recover -j | 0 | [{'ctid':101},{'ctid':102}]",
        "shutdown -j | 0 | [{'stopped':2}]"
      })
  void json_isAllThatIsPrinted(String line, int code, String expected) {
    assertThat(run(line)).isEqualTo(code);
    assertThat(screen.out.toString().replaceAll("\\s", ""))
        .isEqualTo(expected.replace('\'', '"').replaceAll("\\s", ""));
  }

  @Test
  void operationsAsJson_areTheNewest() {
    assertThat(run("operations -n 1 -j")).isZero();
    assertThat(screen.out.toString()).contains("\"id\" : 3").doesNotContain("\"id\" : 2");
  }

  @Test
  void aFailedBackup_givesItsDescriptorBack() {
    assertThat(run("backup /x/b.zip")).isEqualTo(46);
    assertThat(screen.caller.closed).containsExactly(103);
    assertThat(run("backup")).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | ",
        "20 | backpu x",
        "20 | recover now",
        "20 | shutdown now",
        "21 | doctor --all",
        "20 | help nothing"
      })
  void badLines_areRefused(int code, String line) {
    assertThat(run(line == null ? "" : line)).isEqualTo(code);
    assertThat(screen.err.toString()).isNotEmpty();
  }

  @Test
  void everyCommand_hasHelpWithAnExample() {
    for (CommandSpec spec : programs.getLast().commands()) {
      Screen one = new Screen();
      assertThat(one.run(programs.getLast(), "help", spec.name())).isZero();
      assertThat(one.out.toString()).contains("Usage: lamina " + spec.name()).contains("Example");
    }
    assertThat(run("version")).isZero();
    assertThat(screen.out.toString()).isEqualTo("lamina version 0.1.0\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vzctl st | start stat stop status",
        "vzctl start _ | 101 102 web",
        "vzctl --quiet start w | web",
        "vzctl set 101 --onboot _ | yes no",
        "vzctl set 101 --cpu | --cpulimit --cpuunits --cpus --cpumask",
        "vzctl create 103 --ostemplate _ | debian-12",
        "vzctl bogus x | ",
        "vzpkg cr | create",
        "vzpkg create _ | cache",
        "vzpkg create cache debian-1 | debian-12 debian-13",
        "vzpkg remove cache _ | debian-12",
        "vzlist -o sta | status",
        "vzlist 10 | 101 102",
        "lamina bac | backup",
        "lamina backup x | FILE",
        "nothing x | ",
      })
  void completion(String line, String offered) {
    assertThat(run("complete " + line.replace(" _", " "))).isZero();
    List<String> expected =
        offered == null || offered.isBlank() ? List.of() : List.of(offered.split(" "));
    assertThat(screen.out.toString().lines().toList())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void exitCodes_areThoseOfTheDocumentation() throws IOException {
    assertThat(run("exit-codes")).isZero();
    assertThat(screen.out.toString())
        .as("docs/exit-codes.md is what lamina exit-codes prints")
        .isEqualTo(Files.readString(Docs.top().resolve("docs/exit-codes.md")));
  }

  @Test
  void doctor_seesWhatIsMissing(@TempDir Path host) throws IOException {
    Files.createDirectories(host.resolve("proc/sys/kernel"));
    Files.createDirectories(host.resolve("proc/sys/fs/inotify"));
    Files.createDirectories(host.resolve("proc/self/ns"));
    Files.createDirectories(host.resolve("usr/bin"));
    Files.createDirectories(host.resolve("sys/fs/cgroup"));
    Files.writeString(host.resolve("proc/sys/kernel/osrelease"), "6.1.0-18-amd64\n");
    Files.writeString(host.resolve("proc/self/ns/user"), "");
    Files.writeString(host.resolve("proc/sys/fs/inotify/max_user_instances"), "128\n");
    Files.writeString(host.resolve("sys/fs/cgroup/cgroup.controllers"), "cpu memory pids\n");
    Path tool = Files.writeString(host.resolve("usr/bin/mmdebstrap"), "");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<HostCheck> checks = HostChecks.of(host, host);
    assertThat(result(checks, "kernel")).isEqualTo(HostCheck.Result.OK);
    assertThat(result(checks, "user namespaces")).isEqualTo(HostCheck.Result.OK);
    assertThat(result(checks, "cgroup namespaces")).isEqualTo(HostCheck.Result.MISSING);
    assertThat(result(checks, "cgroups")).isEqualTo(HostCheck.Result.OK);
    assertThat(result(checks, "fs.inotify.max_user_instances")).isEqualTo(HostCheck.Result.WARNING);
    assertThat(result(checks, "mmdebstrap")).isEqualTo(HostCheck.Result.OK);
    assertThat(result(checks, "nsenter")).isEqualTo(HostCheck.Result.WARNING);
    assertThat(result(checks, "nft")).isEqualTo(HostCheck.Result.WARNING);
    assertThat(HostChecks.obstacle("chain X drops; do: nft a; nft b"))
        .isEqualTo(
            new HostCheck(
                "forwarding", HostCheck.Result.WARNING, "chain X drops", "do: nft a; nft b"));
    assertThat(HostChecks.kernel("").result()).isEqualTo(HostCheck.Result.WARNING);
  }

  @Test
  void doctor_seesWhatContainersCannotReach(@TempDir Path host) throws IOException {
    Path home = Files.createDirectory(host.resolve("home"));
    Path run = Files.createDirectory(home.resolve("run"));
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwx-----x"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr--"));
    HostCheck closed = HostChecks.reachable("RUN_DIR", run);
    assertThat(closed.result()).isEqualTo(HostCheck.Result.MISSING);
    assertThat(closed.advice()).contains("chmod o+x " + home + ",");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    assertThat(HostChecks.reachable("RUN_DIR", run))
        .isEqualTo(HostCheck.good("RUN_DIR", run.toString()));
    assertThat(HostChecks.reachable("RUN_DIR", run.resolve("gone")).result())
        .isEqualTo(HostCheck.Result.WARNING);
  }

  private static HostCheck.Result result(List<HostCheck> checks, String name) {
    return checks.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow().result();
  }
}
