package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A private installation: a daemon started from the assembled tree named by the system property
 * {@code lamina.layout}, with directories, cgroup name and id ranges of its own, and the scripted
 * commands pointed at it. Templates are kept in one directory for all hosts of a test run, because
 * building one takes most of a minute.
 *
 * <p>{@link #close} destroys every container, stops the daemon and fails if anything is left of
 * them. Use from one thread, except for {@link #run} and {@link #begin}.
 */
public final class LaminaHost implements AutoCloseable {
  /** Id ranges of tests start here: above what an installation on the same machine would use. */
  private static final int FIRST_ID = 65_536 * 4096;

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration COMMAND = Duration.ofMinutes(2);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final List<String> launcher;
  private final Path layout;
  private final Path base;
  private final Path stateDir;
  private final Path runDir;
  private final String cgroupName;
  private final Residue residue;
  private final Map<String, String> daemonEnvironment = new LinkedHashMap<>();
  private @Nullable Process daemon;
  private boolean discarded;

  private LaminaHost(List<String> launcher, Map<String, String> settings) throws IOException {
    this.launcher = launcher;
    layout = layout();
    String name = ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    base = Files.createDirectories(shared().resolve(name));
    runDir = Path.of("/run/lamina-acceptance-" + name);
    cgroupName = "lamina-acceptance-" + name;
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("STATE_DIR", base.resolve("state").toString());
    keys.put("TEMPLATE", sharedTemplates().toString());
    keys.put("RUN_DIR", runDir.toString());
    keys.put("DEFINITIONS_DIR", layout.resolve("usr/share/lamina/templates.d").toString());
    keys.put("LIBEXEC", layout.resolve("usr/lib/lamina").toString());
    keys.put("LAMINA_GROUP", "root");
    keys.put("LOCAL_UID", Integer.toString(FIRST_ID));
    keys.put("CGROUP", cgroupName);
    keys.putAll(settings);
    stateDir = Path.of(keys.get("STATE_DIR"));
    residue = new Residue(List.of(base, stateDir, runDir), cgroupName);
    StringBuilder text = new StringBuilder();
    keys.forEach((key, value) -> text.append("%s=\"%s\"%n".formatted(key, value)));
    Files.createDirectories(configDir());
    Files.writeString(config(), text);
    copySamples();
  }

  /** A new host with its daemon running. */
  public static LaminaHost start() {
    return start(Map.of());
  }

  /**
   * A new host with its daemon running.
   *
   * @param settings keys of {@code lamina.conf} beside or instead of the harness's own
   */
  public static LaminaHost start(Map<String, String> settings) {
    return start(List.of(), settings);
  }

  /**
   * A new host with its daemon running.
   *
   * @param launcher words before the daemon's command, such as those that enter a namespace
   */
  static LaminaHost start(List<String> launcher, Map<String, String> settings) {
    try {
      LaminaHost host = new LaminaHost(launcher, settings);
      // A test run that is interrupted leaves nothing either.
      Runtime.getRuntime().addShutdownHook(new Thread(host::discard, "lamina-host-discard"));
      try {
        host.startDaemon();
      } catch (RuntimeException | Error e) {
        host.discard();
        throw e;
      }
      return host;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The assembled tree under test. */
  public static Path layout() {
    String property = System.getProperty("lamina.layout", "");
    Path tree = Path.of(property);
    if (property.isEmpty() || !Files.isExecutable(tree.resolve("usr/lib/lamina/laminad"))) {
      throw new IllegalStateException(
          "no assembled tree in \"%s\": run packaging/build-deb, then -Dlamina.layout=TREE"
              .formatted(property));
    }
    return tree.toAbsolutePath();
  }

  /** Directory of this test run, on a disk that overlays can use as upper layer. */
  private static Path shared() {
    return Path.of(System.getProperty("lamina.acceptance.dir", "/var/tmp/lamina-acceptance"));
  }

  /** Where the templates are that all hosts of this run share. */
  static Path sharedTemplates() {
    return shared().resolve("template");
  }

  public Path configDir() {
    return base.resolve("etc");
  }

  public Path config() {
    return configDir().resolve("lamina.conf");
  }

  public Path stateDir() {
    return stateDir;
  }

  public Path runDir() {
    return runDir;
  }

  public Path socket() {
    return runDir.resolve("lamina.sock");
  }

  public Path log() {
    return base.resolve("laminad.log");
  }

  public String cgroupName() {
    return cgroupName;
  }

  /** Variables that the next daemons of this host get beside {@code LAMINA_CONF}. */
  Map<String, String> daemonEnvironment() {
    return daemonEnvironment;
  }

  /** Whether the daemon has ended by itself within that time. */
  boolean daemonEnds(Duration atMost) {
    try {
      return daemon().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Whether the daemon dies of this command. One that outlives it is given a second more, because
   * it may die of what it does after the answer.
   */
  boolean daemonDiesOf(RunningCommand command, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (command.process().isAlive() && daemon().isAlive() && System.nanoTime() < end) {
      Pause.millis(10);
    }
    return daemonEnds(Duration.ofSeconds(1));
  }

  /** Process id of the daemon that runs now. */
  public long daemonPid() {
    return daemon().pid();
  }

  /** Runs one of the installed programs, at most two minutes, with empty standard input. */
  public CommandResult run(String program, String... arguments) {
    return begin(program, arguments).finish(COMMAND);
  }

  /** Like {@link #run(String, String...)} with bytes on standard input and its own time limit. */
  public CommandResult run(byte[] stdin, Duration atMost, String program, String... arguments) {
    RunningCommand command = begin(program, arguments);
    command.feed(stdin);
    return command.finish(atMost);
  }

  /** Starts one of the installed programs ({@code vzctl}, {@code vzlist}, ...) and returns. */
  public RunningCommand begin(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(layout.resolve("usr/bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return RunningCommand.start(command, clientEnvironment());
  }

  /** What points the installed programs at this daemon. */
  public Map<String, String> clientEnvironment() {
    return Map.of("LAMINA_SOCKET", socket().toString());
  }

  /** Builds a template unless an earlier test of this run did. */
  public void ensureTemplate(String name) {
    if (Files.isDirectory(sharedTemplates().resolve(name))) {
      return;
    }
    if (launcher.isEmpty()) {
      run(new byte[0], Duration.ofMinutes(5), "vzpkg", "create", "cache", name).ok();
      return;
    }
    // A network of the test's own reaches no mirror.
    try (LaminaHost outside = start()) {
      outside.ensureTemplate(name);
    }
  }

  /** Starts one more daemon on the same configuration, to see it refuse. */
  public RunningCommand beginDaemon() {
    return RunningCommand.start(
        List.of(layout.resolve("usr/lib/lamina/laminad").toString()),
        Map.of("LAMINA_CONF", config().toString()));
  }

  /** Starts the daemon and waits until it answers. */
  public void startDaemon() {
    List<String> command = new ArrayList<>(launcher);
    command.add(layout.resolve("usr/lib/lamina/laminad").toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LAMINA_CONF", config().toString());
    builder.environment().putAll(daemonEnvironment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Process started = builder.start();
      daemon = started;
      long deadline = System.nanoTime() + START.toNanos();
      while (!answers()) {
        if (!started.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError(
              "laminad %s; its log:%n%s"
                  .formatted(
                      started.isAlive() ? "does not answer" : "ended: " + started.exitValue(),
                      logTail()));
        }
        Thread.sleep(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Kills the daemon as a crash would. Containers are expected to go on. */
  public void kill9() {
    end(daemon().destroyForcibly());
  }

  /** Stops the daemon by SIGTERM. */
  public void stopDaemon() {
    Process process = daemon();
    process.destroy();
    end(process);
  }

  /** Stops the daemon in order and starts it again. */
  public void restart() {
    stopDaemon();
    startDaemon();
  }

  /** Ends all that runs, daemon and containers, and forgets what a reboot forgets. */
  void everythingEnds() {
    try {
      if (daemon().isAlive()) {
        kill9();
      }
      residue.clear();
      deleteTree(runDir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The last lines of the daemon's log, for messages. */
  public String logTail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  /** Destroys all containers, stops the daemon and fails if anything of them is left. */
  @Override
  public void close() {
    try {
      if (daemon == null || !daemon().isAlive()) {
        startDaemon();
      }
      String all = run("vzlist", "-a", "-H", "-o", "ctid").ok().text();
      for (String ctid : all.isEmpty() ? List.<String>of() : List.of(all.split("\\s+"))) {
        run("vzctl", "stop", ctid, "--fast");
        run("vzctl", "umount", ctid);
        run("vzctl", "destroy", ctid).ok();
      }
      stopDaemon();
      assertThat(awaitNothingLeft())
          .describedAs("left by a daemon with no containers; its log:%n%s", logTail())
          .isEmpty();
    } finally {
      discard();
    }
  }

  /** The kernel removes some things a moment after their last user. */
  private List<String> awaitNothingLeft() {
    List<String> left = residue.find();
    for (int round = 0; round < 40 && !left.isEmpty(); round++) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return left;
      }
      left = residue.find();
    }
    return left;
  }

  /** Ends everything by force; a second call does nothing. */
  private synchronized void discard() {
    if (discarded) {
      return;
    }
    discarded = true;
    try {
      if (daemon != null && daemon.isAlive()) {
        kill9();
      }
      residue.clear();
      deleteTree(base);
      deleteTree(runDir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket()));
      channel.write(
          ByteBuffer.wrap(
              "GET /v1/host HTTP/1.0\r\nHost: lamina\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).contains(" 200 ");
    } catch (IOException e) {
      return false;
    }
  }

  private Process daemon() {
    if (daemon == null) {
      throw new IllegalStateException("the daemon was not started");
    }
    return daemon;
  }

  private void end(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("laminad did not end within 30 s of SIGTERM:\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void copySamples() throws IOException {
    Path from = layout.resolve("etc/lamina/samples");
    Path to = Files.createDirectories(configDir().resolve("samples"));
    try (var samples = Files.newDirectoryStream(from)) {
      for (Path sample : samples) {
        Files.copy(sample, to.resolve(from.relativize(sample)));
      }
    }
  }

  /** Deletes a directory without following links; nothing may be mounted in it any more. */
  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
