package org.lamina.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that was started; its output is collected while it runs. Standard input is a pipe that
 * stays open until {@link #finish} or {@link #stdin()} is closed.
 */
public final class RunningCommand {
  private final List<String> command;
  private final Process process;
  private final long started;
  private final Collector out;
  private final Collector err;
  private boolean fed;

  private RunningCommand(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.started = System.nanoTime();
    this.out = new Collector(process.getInputStream());
    this.err = new Collector(process.getErrorStream());
  }

  /** Starts a command; {@code env} is added to the environment of this process. */
  static RunningCommand start(List<String> command, Map<String, String> env) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(env);
    try {
      return new RunningCommand(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Process process() {
    return process;
  }

  public OutputStream stdin() {
    return process.getOutputStream();
  }

  /** Writes to standard input in the background and closes it after the last byte. */
  public void feed(byte[] bytes) {
    fed = true;
    Thread.ofPlatform()
        .daemon()
        .name("feeder")
        .start(() -> {
          try (OutputStream pipe = stdin()) {
            pipe.write(bytes);
          } catch (IOException e) {
            // The command closed its standard input early, as it may.
          }
        });
  }

  /**
   * Closes standard input, unless it is being fed, and waits for the end; kills the command and
   * fails if it takes longer.
   */
  public CommandResult finish(Duration atMost) {
    try {
      if (!fed) {
        process.getOutputStream().close();
      }
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "still running after " + atMost + ": " + result(process.exitValue()));
      }
      return result(process.exitValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    }
  }

  private CommandResult result(int exit) throws InterruptedException {
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    return new CommandResult(command, exit, out.bytes(), err.bytes(), took);
  }

  /** Reads one stream to its end. */
  private static final class Collector {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Collector(InputStream stream) {
      thread =
          // Reading a pipe holds a virtual thread's carrier, and there are as few as processors.
          Thread.ofPlatform()
              .daemon()
              .name("collector")
              .start(() -> {
                try (stream) {
                  stream.transferTo(bytes);
                } catch (IOException e) {
                  // The process was killed: what came until then is kept.
                }
              });
    }

    byte[] bytes() throws InterruptedException {
      // A grandchild may hold the pipe open; what came so far is the answer then.
      thread.join(Duration.ofSeconds(5));
      return bytes.toByteArray();
    }
  }
}
