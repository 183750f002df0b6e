package org.lamina.templates.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a program by argument vector with a clean environment and hands over its output by line. The
 * caller's interrupt kills it with everything it started.
 */
public final class HelperProcess {
  private static final int LONGEST_LINE = 4000;

  private HelperProcess() {}

  /**
   * Waits for the end; standard output and error come as one stream.
   *
   * @param environment the whole environment of the program
   * @param line called by another thread, in order; control characters are still in
   * @return the exit status, 128 + signal number if a signal ended it
   * @throws IOException if the program cannot be started
   * @throws InterruptedException after the program and its descendants have been killed
   */
  public static int run(
      List<String> argv, Map<String, String> environment, Path directory, Consumer<String> line)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    CompletableFuture<Process> started = new CompletableFuture<>();
    // A thread of its own: a read of a pipe cannot be interrupted, and a program that asked to die
    // with its parent dies with the thread that started it, so that thread must last.
    Thread owner =
        Thread.ofPlatform()
            .daemon()
            .name("helper-process")
            .start(() -> own(builder, started, line));
    try {
      Process process = started.get();
      owner.join();
      return process.waitFor();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? new IOException(io.getMessage(), io)
          : new IOException("cannot start " + argv.getFirst(), e.getCause());
    } catch (InterruptedException e) {
      kill(started.join());
      throw e;
    }
  }

  private static void own(
      ProcessBuilder builder, CompletableFuture<Process> started, Consumer<String> line) {
    Process process;
    try {
      process = builder.start();
    } catch (IOException | RuntimeException e) {
      started.completeExceptionally(e);
      return;
    }
    started.complete(process);
    countLikeOthers(process);
    read(process, line);
    boolean gone = false;
    while (!gone) {
      try {
        process.waitFor();
        gone = true;
      } catch (InterruptedException e) {
        gone = !process.isAlive(); // nobody interrupts this thread; it must not end early
      }
    }
  }

  /**
   * A service manager may have made the daemon the last to be killed for want of memory
   * (proc_pid_oom_score_adj(5)). What a build starts must not inherit that.
   */
  private static void countLikeOthers(Process process) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "0");
    } catch (IOException e) {
      // It has ended already.
    }
  }

  private static void read(Process process, Consumer<String> line) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        line.accept(text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) : text);
      }
    } catch (IOException e) {
      // the stream breaks when the process is killed; its exit status tells the story
      return;
    }
  }

  /**
   * Descendants first: the first process of a PID namespace takes all others with it, and its
   * parent ends only when it is gone, so after this nothing of the build writes any more.
   */
  private static void kill(Process process) {
    boolean gone = false;
    while (!gone) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      try {
        gone = process.waitFor(200, TimeUnit.MILLISECONDS);
        if (!gone && process.descendants().findAny().isEmpty()) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        gone = !process.isAlive(); // already ending; what was asked for is under way
      }
    }
  }
}
