package org.lamina.console.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Runs a scripted command in the daemon, so that its options, rules and words are the same as in a
 * shell. For commands that only print; those that run a program need the real client.
 */
public final class Scripted {
  private static final int LONGEST_LENGTH = 9;

  private final UnixHttp http;

  Scripted(UnixHttp http) {
    this.http = http;
  }

  /** Who hears what the command prints. */
  public interface Listener {
    void out(String text);

    void err(String text);

    void progress(int percent, String message);
  }

  /**
   * @param program such as {@code vzctl}
   * @return the command's exit code
   */
  public int run(String program, List<String> arguments, Listener listener) {
    try (Run run = open(program, arguments)) {
      return run.finish(listener);
    }
  }

  /** Begins a command whose listener may leave before it ends; the caller closes it. */
  public Run open(String program, List<String> arguments) {
    StringBuilder body = new StringBuilder();
    arguments.forEach(a -> body.append(a).append('\0'));
    String target = "/v1/cli/" + program;
    HttpReply reply =
        http.send("POST", target, headers(), body.toString().getBytes(StandardCharsets.UTF_8));
    if (reply.status() != 200) {
      throw Daemon.failure(reply, target);
    }
    return new Run(reply);
  }

  /** A command that runs. {@link #close} leaves it, which another thread may do. */
  public static final class Run implements AutoCloseable {
    private final HttpReply reply;

    Run(HttpReply reply) {
      this.reply = reply;
    }

    /**
     * @return the command's exit code
     */
    public int finish(Listener listener) {
      try {
        return frames(reply.body(), listener);
      } catch (IOException e) {
        throw Away.during(e);
      }
    }

    @Override
    public void close() {
      try {
        reply.close();
      } catch (IOException e) {
        // nothing is lost with a connection that was to be closed
      }
    }
  }

  /** No descriptor is lent: those named are never taken by commands that only print. */
  private static Map<String, String> headers() {
    return Map.of(
        "Content-Type", "application/octet-stream",
        "X-Lamina-Pid", Long.toString(ProcessHandle.current().pid()),
        "X-Lamina-Stdio", "0,1,2",
        "X-Lamina-Tty", "0,0,0",
        "X-Lamina-Control", "0",
        "X-Lamina-Size", "24,80",
        "X-Lamina-Term", "dumb");
  }

  static int frames(InputStream in, Listener listener) throws IOException {
    while (true) {
      int kind = in.read();
      if (kind < 0) {
        throw new EOFException("the command has not ended");
      }
      String text = new String(payload(in), StandardCharsets.UTF_8);
      switch (kind) {
        case 'o' -> listener.out(text);
        case 'e' -> listener.err(text);
        case 'p' -> progress(text, listener);
        case 'x' -> {
          return Integer.parseInt(text);
        }
        default -> {
          // a frame of a later release, or one that needs descriptors: not for this caller
        }
      }
    }
  }

  private static void progress(String text, Listener listener) {
    int space = text.indexOf(' ');
    if (space > 0 && text.substring(0, space).matches("-?[0-9]{1,3}")) {
      listener.progress(Integer.parseInt(text.substring(0, space)), text.substring(space + 1));
    }
  }

  private static byte[] payload(InputStream in) throws IOException {
    int length = 0;
    int digits = 0;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < '0' || b > '9' || ++digits > LONGEST_LENGTH) {
        throw new IOException("a frame is broken");
      }
      length = length * 10 + (b - '0');
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the command has not ended");
    }
    return bytes;
  }
}
