package org.lamina.manager.cli.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Starts the client under test. */
final class ClientRun {
  static final Path CLIENT = client();

  private ClientRun() {}

  private static Path client() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("packaging/client/lamina-client"))) {
      here = here.getParent();
    }
    return here.resolve("packaging/client/lamina-client");
  }

  /** What a finished client left. */
  record Result(int code, String out, String err) {}

  static ProcessBuilder builder(Path socket, String... args) {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/perl", CLIENT.toString()));
    argv.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put("LAMINA_SOCKET", socket.toString());
    return builder;
  }

  /** Runs it to its end with the given standard input. */
  static Result run(Path socket, byte[] input, String... args) throws Exception {
    return finish(builder(socket, args).start(), input);
  }

  static Result finish(Process process, byte[] input) throws Exception {
    CompletableFuture<byte[]> out = CompletableFuture.supplyAsync(() -> all(process, true));
    CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> all(process, false));
    try (var in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      assert input.length > 0 : e;
    }
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the client did not end");
    }
    return new Result(
        process.exitValue(),
        new String(out.get(), java.nio.charset.StandardCharsets.ISO_8859_1),
        new String(err.get(), java.nio.charset.StandardCharsets.UTF_8));
  }

  private static byte[] all(Process process, boolean out) {
    try {
      return (out ? process.getInputStream() : process.getErrorStream()).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it with a pseudo terminal as its standard descriptors. */
  static Child on(Pty pty, Path socket, String... args) {
    return on(pty, socket, Map.of(), args);
  }

  static Child on(Pty pty, Path socket, Map<String, String> more, String... args) {
    Map<String, String> env = new java.util.HashMap<>(more);
    env.put("LAMINA_SOCKET", socket.toString());
    env.putIfAbsent("TERM", "xterm");
    env.put("PATH", "/usr/bin:/bin");
    List<String> argv = new ArrayList<>(List.of("/usr/bin/perl", CLIENT.toString()));
    argv.addAll(List.of(args));
    return pty.spawn(env, argv.toArray(String[]::new));
  }
}
