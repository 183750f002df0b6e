package org.lamina.agent.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Feeds batches to the host's {@code ip} and {@code nft}; no shell and no words of operators. */
final class Tools {
  private static final int PATIENCE_SECONDS = 30;
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

  /** Debian's packages of programs that are not of util-linux. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "nft",
          "nftables",
          "ip",
          "iproute2",
          "tc",
          "iproute2",
          "dnsmasq",
          "dnsmasq-base",
          "mount",
          "mount",
          "umount",
          "mount");

  /** How a tool ended. */
  record Result(int code, String output) {
    boolean ok() {
      return code == 0;
    }
  }

  /**
   * Runs a batch of {@code ip} on the host; nothing is done for an empty one.
   *
   * @throws LaminaException CANNOT_ADD_IP with what it answered
   */
  void ip(String batch) {
    require("ip", batch, runBatch(List.of(program("ip"), "-batch", "-"), batch));
  }

  /** The same in the network namespace of a process. */
  void ipInside(int pid, String batch) {
    require("ip", batch, runBatch(inside(pid, "-batch", "-"), batch));
  }

  /** The same without an opinion on how it ends. */
  Result ipResult(String batch) {
    return runBatch(List.of(program("ip"), "-batch", "-"), batch);
  }

  /** One command of {@code ip} in a network namespace that a file holds, and what it prints. */
  String ipInside(Path namespace, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program("nsenter"));
    argv.add("--net=" + namespace);
    argv.add("--");
    argv.add(program("ip"));
    argv.addAll(List.of(arguments));
    return run(argv, "").output();
  }

  /**
   * An interface as {@code ip} shows it. The JDK knows only those that have an address.
   *
   * @param mac empty for those without one
   */
  record Device(int mtu, String mac) {}

  private static final Pattern DEVICE = Pattern.compile(" mtu (\\d+) .*?(?:link/ether (\\S+)|$)");

  /** The interface of that name in the namespace this program runs in. */
  static Optional<Device> device(String name) {
    Result shown = run(List.of(program("ip"), "-o", "link", "show", "dev", name), "");
    Matcher m = DEVICE.matcher(shown.output());
    return shown.ok() && m.find()
        ? Optional.of(
            new Device(Integer.parseInt(m.group(1)), m.group(2) == null ? "" : m.group(2)))
        : Optional.empty();
  }

  /** Another program of the host, with words of our own. */
  Result run(String name, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program(name));
    argv.addAll(List.of(arguments));
    return run(argv, "");
  }

  /** Goes on where something is gone already. */
  void ipLeniently(String batch) {
    var _ = runBatch(List.of(program("ip"), "-force", "-batch", "-"), batch);
  }

  void ipInsideLeniently(int pid, String batch) {
    var _ = runBatch(inside(pid, "-force", "-batch", "-"), batch);
  }

  /** Runs a batch of {@code tc}. */
  void tc(String batch) {
    require("tc", batch, runBatch(List.of(program("tc"), "-batch", "-"), batch));
  }

  void tcLeniently(String batch) {
    if (!batch.isEmpty()) {
      var _ = runBatch(List.of(program("tc"), "-force", "-batch", "-"), batch);
    }
  }

  Result nft(String commands) {
    return runBatch(List.of(program("nft"), "-f", "-"), commands);
  }

  void requireNft(String commands) {
    require("nft", commands, nft(commands));
  }

  /** Headers of all chains of all tables. */
  String chains() {
    try {
      Result result = run(List.of(program("nft"), "list", "chains"), "");
      return result.ok() ? result.output() : "";
    } catch (LaminaException e) {
      // Without nft nobody here has such chains, and no container has an address.
      return "";
    }
  }

  private static List<String> inside(int pid, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program("nsenter"));
    argv.add("--net=/proc/" + pid + "/ns/net");
    argv.add("--");
    argv.add(program("ip"));
    argv.addAll(List.of(arguments));
    return argv;
  }

  private static void require(String tool, String batch, Result result) {
    if (!result.ok()) {
      throw new LaminaException(
          ExitCode.CANNOT_ADD_IP,
          tool
              + " refused to set the network up: "
              + Printable.shorten(result.output().strip().replace('\n', ' '), 300),
          "It was asked: " + Printable.shorten(batch.strip().replace("\n", "; "), 300));
    }
  }

  private static Result runBatch(List<String> argv, String batch) {
    return batch.isEmpty() ? new Result(0, "") : run(argv, batch);
  }

  private static Result run(List<String> argv, String input) {
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C"));
    try {
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading everything; its answer says why.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw failed(argv, "it does not end");
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw failed(argv, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(argv, "interrupted");
    }
  }

  private static LaminaException failed(List<String> argv, String why) {
    return new LaminaException(
        ExitCode.CANNOT_ADD_IP, "cannot run " + String.join(" ", argv) + ": " + why);
  }

  private static String program(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.CANNOT_ADD_IP,
                "the program " + name + " is missing on this host",
                "Install it: apt-get install " + PACKAGES.getOrDefault(name, "util-linux")))
        .toString();
  }
}
