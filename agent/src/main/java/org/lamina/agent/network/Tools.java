package org.lamina.agent.network;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Feeds batches to the host's {@code ip} and {@code nft}; no shell and no words of operators. */
final class Tools {
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

  private final Programs programs;

  Tools(Programs programs) {
    this.programs = programs;
  }

  /**
   * Runs a batch of {@code ip} on the host; nothing is done for an empty one.
   *
   * @throws LaminaException CANNOT_ADD_IP with what it answered
   */
  void ip(String batch) {
    require("ip", batch, finish(begin(null, batch, "ip", "-batch", "-")));
  }

  /** The same in the network namespace of a process. */
  void ipInside(int pid, String batch) {
    require("ip", batch, finish(begin(namespace(pid), batch, "ip", "-batch", "-")));
  }

  /** Both at once; they must not need each other. */
  void ipBoth(String host, int pid, String guest) {
    Programs.Started onHost = begin(null, host, "ip", "-batch", "-");
    Result inside;
    Result outside;
    try {
      inside = finish(begin(namespace(pid), guest, "ip", "-batch", "-"));
    } finally {
      outside = finish(onHost);
    }
    require("ip", host, outside);
    require("ip", guest, inside);
  }

  /** The same without an opinion on how it ends. */
  Result ipResult(String batch) {
    return finish(begin(null, batch, "ip", "-batch", "-"));
  }

  /** One command of {@code ip} in a network namespace that a file holds, and what it prints. */
  String ipInside(Path namespace, String... arguments) {
    return programs.start(argv("ip", arguments), "", namespace).finish().output();
  }

  /**
   * An interface as {@code ip} shows it. The JDK knows only those that have an address.
   *
   * @param mac empty for those without one
   */
  record Device(int mtu, String mac) {}

  private static final Pattern DEVICE = Pattern.compile(" mtu (\\d+) .*?(?:link/ether (\\S+)|$)");

  /** The interface of that name in the namespace this program runs in. */
  Optional<Device> device(String name) {
    Result shown = run("ip", "-o", "link", "show", "dev", name);
    Matcher m = DEVICE.matcher(shown.output());
    return shown.ok() && m.find()
        ? Optional.of(
            new Device(Integer.parseInt(m.group(1)), m.group(2) == null ? "" : m.group(2)))
        : Optional.empty();
  }

  /** Another program of the host, with words of our own. */
  Result run(String name, String... arguments) {
    return programs.start(argv(name, arguments), "", null).finish();
  }

  /** Goes on where something is gone already. */
  void ipLeniently(String batch) {
    var _ = finish(begin(null, batch, "ip", "-force", "-batch", "-"));
  }

  void ipInsideLeniently(int pid, String batch) {
    var _ = finish(begin(namespace(pid), batch, "ip", "-force", "-batch", "-"));
  }

  /** Both at once. */
  void ipBothLeniently(String host, int pid, String guest) {
    Programs.Started onHost = begin(null, host, "ip", "-force", "-batch", "-");
    try {
      ipInsideLeniently(pid, guest);
    } finally {
      var _ = finish(onHost);
    }
  }

  /** Runs a batch of {@code tc}. */
  void tc(String batch) {
    require("tc", batch, finish(begin(null, batch, "tc", "-batch", "-")));
  }

  void tcLeniently(String batch) {
    var _ = finish(begin(null, batch, "tc", "-force", "-batch", "-"));
  }

  Result nft(String commands) {
    return finish(begin(null, commands, "nft", "-f", "-"));
  }

  void requireNft(String commands) {
    require("nft", commands, nft(commands));
  }

  /** Headers of all chains of all tables. */
  String chains() {
    try {
      Result result = run("nft", "list", "chains");
      return result.ok() ? result.output() : "";
    } catch (LaminaException e) {
      // Without nft nobody here has such chains, and no container has an address.
      return "";
    }
  }

  private static Path namespace(int pid) {
    return Path.of("/proc", Integer.toString(pid), "ns/net");
  }

  /** Null for an empty batch: there is nothing to do. */
  private Programs.@Nullable Started begin(
      @Nullable Path namespace, String batch, String name, String... arguments) {
    return batch.isEmpty() ? null : programs.start(argv(name, arguments), batch, namespace);
  }

  private static Result finish(Programs.@Nullable Started started) {
    return started == null ? new Result(0, "") : started.finish();
  }

  private static List<String> argv(String name, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program(name));
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
