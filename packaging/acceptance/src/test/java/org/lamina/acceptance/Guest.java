package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** One container of a {@link LaminaHost}, and what the host sees of it. */
record Guest(LaminaHost host, String ctid) {

  /** Creates a container; the template is built when this test run has not got it yet. */
  static Guest create(LaminaHost host, int ctid, String template, String... options) {
    host.ensureTemplate(template);
    List<String> words = new ArrayList<>(List.of("create", Integer.toString(ctid)));
    words.addAll(List.of("--ostemplate", template));
    words.addAll(List.of(options));
    host.run("vzctl", words.toArray(String[]::new)).ok();
    return new Guest(host, Integer.toString(ctid));
  }

  /** Starts it and waits until its init is ready. */
  Guest started() {
    vzctl("start", "--wait").ok();
    return this;
  }

  /** {@code vzctl COMMAND CTID ARGUMENT...}. */
  CommandResult vzctl(String command, String... arguments) {
    return host.run("vzctl", words(command, arguments));
  }

  /** Starts {@code vzctl COMMAND CTID ARGUMENT...} and returns. */
  RunningCommand begin(String command, String... arguments) {
    return host.begin("vzctl", words(command, arguments));
  }

  private String[] words(String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command, ctid));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  /** Runs shell code inside; the result carries the code's own exit code. */
  CommandResult sh(String code) {
    return vzctl("exec2", code);
  }

  /**
   * Runs shell code of the host in the root of the mounted container, with a text on standard
   * input.
   */
  void edit(String code, String input) {
    RunningCommand shell =
        RunningCommand.start(
            List.of("/bin/sh", "-ec", "cd \"$1\"; eval \"$2\"", "sh", root().toString(), code),
            Map.of());
    shell.feed(input.getBytes(StandardCharsets.UTF_8));
    shell.finish(Duration.ofSeconds(20)).ok();
  }

  /** Where vzctl mount shows its root file system. */
  Path root() {
    return host.stateDir().resolve("root").resolve(ctid);
  }

  /** What shell code inside prints; it has to succeed. */
  String text(String code) {
    return sh(code).ok().text();
  }

  String statusLine() {
    return vzctl("status").ok().text();
  }

  /** The {@code status} column of vzlist. */
  String status() {
    return host.run("vzlist", "-H", "-o", "status", ctid).ok().text();
  }

  /** Process id of init as the host sees it. */
  int init() {
    return initIfAny().orElseThrow();
  }

  OptionalInt initIfAny() {
    try {
      return Files.readAllLines(host.runDir().resolve("ct").resolve(ctid).resolve("state")).stream()
          .filter(line -> line.startsWith("init="))
          .mapToInt(line -> Integer.parseInt(line.substring("init=".length())))
          .findFirst();
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of init's directory in the host's /proc. */
  Path proc(String file) {
    return Path.of("/proc", Integer.toString(init()), file);
  }

  Path privateArea() {
    return host.stateDir().resolve("private").resolve(ctid);
  }

  /** Where a file of the container's own lies on the host's disk. */
  Path delta(String tree, String path) {
    return privateArea().resolve("delta").resolve(tree).resolve("upper").resolve(path);
  }

  /** First user id of the host that belongs to this container; 0 if it is privileged. */
  int firstId() {
    return conf("LAMINA_ID_BASE").isEmpty() ? 0 : Integer.parseInt(conf("LAMINA_ID_BASE"));
  }

  /** A value of the saved configuration; empty if it has none. */
  String conf(String key) {
    String prefix = key + "=\"";
    try {
      return Files.readAllLines(privateArea().resolve("ve.conf")).stream()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length(), line.length() - 1))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void destroy() {
    vzctl("stop", "--fast").ok();
    vzctl("destroy").ok();
  }

  static int owner(Path file) {
    try {
      return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so; fails with its description after the time. */
  static void await(String what, Duration atMost, BooleanSupplier so) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!so.getAsBoolean()) {
      assertThat(System.nanoTime()).describedAs("waiting until %s", what).isLessThan(end);
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
