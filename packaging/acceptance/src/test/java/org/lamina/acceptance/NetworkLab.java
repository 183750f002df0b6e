package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Network namespaces that stand for machines: a host that a daemon runs on, one outside that it has
 * its default route to, and one on another network of the host. The machine's own network is not
 * touched.
 *
 * <pre>
 *   outside 192.0.2.2 ---- 192.0.2.1 host 172.20.0.1 ---- 172.20.0.2 lan
 *     2001:db8::2            2001:db8::1
 * </pre>
 */
final class NetworkLab implements AutoCloseable {
  static final String OUTSIDE4 = "192.0.2.2";
  static final String OUTSIDE6 = "2001:db8::2";
  static final String HOST4 = "192.0.2.1";
  static final String LAN4 = "172.20.0.2";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path NAMESPACES = Path.of("/run/netns");

  private final boolean namespacesWereMounted = namespacesAreMounted();
  private final String prefix = "lamina-" + ProcessHandle.current().pid() + "-";
  private final Path probe;
  private final List<Process> servers = new ArrayList<>();

  NetworkLab() {
    try (InputStream in =
        Objects.requireNonNull(NetworkLab.class.getResourceAsStream("/netprobe.py"))) {
      probe = Files.createTempFile("netprobe", ".py");
      Files.write(probe, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::removeAll, "network-lab"));
    for (String name : List.of("host", "out", "lan")) {
      ip("netns add " + prefix + name);
      ip("-n " + prefix + name + " link set lo up");
    }
    wire("eth0", "out");
    wire("eth1", "lan");
    ipIn("host", "addr add 192.0.2.1/24 dev eth0");
    ipIn("host", "addr add 2001:db8::1/64 dev eth0 nodad");
    ipIn("host", "addr add 172.20.0.1/24 dev eth1");
    ipIn("out", "addr add 192.0.2.2/24 dev eth0");
    ipIn("out", "addr add 2001:db8::2/64 dev eth0 nodad");
    ipIn("lan", "addr add 172.20.0.2/24 dev eth0");
    ipIn("host", "route add default via 192.0.2.2");
    ipIn("host", "-6 route add default via 2001:db8::2");
    ipIn("lan", "route add default via 172.20.0.1");
  }

  private void wire(String device, String peer) {
    ip(
        "link add name %s netns %shost type veth peer name eth0 netns %s%s"
            .formatted(device, prefix, prefix, peer));
    ipIn("host", "link set " + device + " up");
    ipIn(peer, "link set eth0 up");
  }

  private static void ip(String words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words.split(" ")));
    RunningCommand.start(command, Map.of()).finish(PATIENCE).ok();
  }

  /** {@code ip} in one of the machines. */
  void ipIn(String machine, String words) {
    ip("-n " + prefix + machine + " " + words);
  }

  /** What a daemon's command line starts with to run on the lab's host. */
  List<String> onHost() {
    return enter("host");
  }

  private List<String> enter(String machine) {
    return List.of("nsenter", "--net=" + NAMESPACES.resolve(prefix + machine), "--");
  }

  /** Runs a command on one of the machines. */
  CommandResult run(String machine, String... command) {
    return begin(enter(machine), command).finish(PATIENCE);
  }

  private static RunningCommand begin(List<String> enter, String... command) {
    List<String> words = new ArrayList<>(enter);
    words.addAll(List.of(command));
    return RunningCommand.start(words, Map.of());
  }

  private static List<String> enter(Guest guest) {
    return List.of("nsenter", "--net=/proc/" + guest.init() + "/ns/net", "--");
  }

  private String[] python(String... arguments) {
    List<String> words = new ArrayList<>(List.of("python3", probe.toString()));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  /** The probe on one of the machines. */
  CommandResult probe(String machine, String... arguments) {
    return begin(enter(machine), python(arguments)).finish(PATIENCE);
  }

  /** The probe in a container's network, with the test machine's own files. */
  CommandResult probe(Guest guest, String... arguments) {
    return begin(enter(guest), python(arguments)).finish(PATIENCE);
  }

  /** The same without waiting. */
  RunningCommand begin(String machine, String... arguments) {
    return keep(begin(enter(machine), python(arguments)));
  }

  RunningCommand begin(Guest guest, String... arguments) {
    return keep(begin(enter(guest), python(arguments)));
  }

  private RunningCommand keep(RunningCommand command) {
    servers.add(command.process());
    return command;
  }

  /** Answers on a port, TCP and UDP, until the lab is closed. */
  void serve(String machine, int port) {
    serve(enter(machine), port);
  }

  void serve(Guest guest, int port) {
    serve(enter(guest), port);
  }

  /** Its output goes nowhere: a thread that reads it all the time would be in the others' way. */
  private void serve(List<String> enter, int port) {
    List<String> words = new ArrayList<>(enter);
    words.addAll(List.of(python("serve", Integer.toString(port))));
    Process server;
    try {
      server =
          new ProcessBuilder(words)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    servers.add(server);
    Guest.await(
        "port " + port + " answers",
        PATIENCE,
        () ->
            !server.isAlive()
                || begin(enter, "cat", "/proc/self/net/tcp6")
                    .finish(PATIENCE)
                    .text()
                    .contains(":%04X ".formatted(port)));
    assertThat(server.isAlive()).as("the server runs").isTrue();
  }

  /** What the host's network holds of containers: interfaces, tables, proxies, host routes. */
  List<String> remains() {
    List<String> found = new ArrayList<>();
    for (String look :
        List.of(
            "ip -o link",
            "nft list tables",
            "ip neigh show proxy",
            "ip -6 neigh show proxy",
            "ip route",
            "ip -6 route")) {
      run("host", look.split(" "))
          .ok()
          .stdout()
          .lines()
          .filter(line -> !line.isBlank())
          .filter(line -> !line.contains(" eth0") || line.contains("proxy"))
          .filter(line -> !line.contains(" eth1") && !line.contains(" lo"))
          .forEach(found::add);
    }
    return found;
  }

  private void removeAll() {
    servers.forEach(Process::destroyForcibly);
    for (String name : List.of("host", "out", "lan")) {
      if (Files.exists(NAMESPACES.resolve(prefix + name))) {
        ip("netns del " + prefix + name);
      }
    }
    removeEmptyDirectory();
    try {
      Files.deleteIfExists(probe);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The first namespace with a name has {@code ip} mount their directory; nothing takes it away.
   */
  private void removeEmptyDirectory() {
    if (namespacesWereMounted || !namespacesAreMounted()) {
      return;
    }
    try (Stream<Path> names = Files.list(NAMESPACES)) {
      if (names.findAny().isPresent()) {
        return;
      }
      // Lazily: the kernel lets go of what was mounted in it a little later.
      RunningCommand.start(List.of("umount", "--lazy", NAMESPACES.toString()), Map.of())
          .finish(PATIENCE)
          .ok();
      Files.delete(NAMESPACES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean namespacesAreMounted() {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return mounts.anyMatch(line -> line.split(" ")[4].equals(NAMESPACES.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    removeAll();
  }
}
