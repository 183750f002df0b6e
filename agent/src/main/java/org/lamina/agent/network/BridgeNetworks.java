package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.lamina.agent.NetworkHost.Served;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Lamina's own networks on this host: their bridges, the host's addresses on them, and their name
 * services. Guarded by its owner's lock.
 */
final class BridgeNetworks {
  private static final Logger log = System.getLogger(BridgeNetworks.class.getName());

  private final Tools tools;
  private final Path directory;
  private final IntFunction<CompletableFuture<Integer>> watch;
  private final Object lock;
  private final Map<String, Served> served = new TreeMap<>();
  private final Map<String, NameService> services = new TreeMap<>();

  BridgeNetworks(
      Tools tools, Path runDir, IntFunction<CompletableFuture<Integer>> watch, Object lock) {
    this.tools = tools;
    this.directory = runDir.resolve("network");
    this.watch = watch;
    this.lock = lock;
  }

  List<BridgeNetwork> networks() {
    return served.values().stream().map(Served::network).toList();
  }

  /**
   * @throws LaminaException IP_IN_USE if there is such an interface
   */
  void requireNew(String name) {
    if (isThere(name)) {
      throw new LaminaException(
          ExitCode.IP_IN_USE,
          "the host has an interface " + name + " already",
          "Choose another name; a bridge of your own needs no network of Lamina's: --netif_add"
              + " eth0,,,,"
              + name);
    }
  }

  boolean isThere(String name) {
    return tools.device(name).isPresent();
  }

  /** From now on it is one of {@link #networks()}, whether the rest succeeds or not. */
  void add(Served next) {
    served.put(next.network().name(), next);
  }

  /** Makes what is missing of it and serves it. */
  void bringUp(Served next) {
    tools.ip(batch(next.network(), isThere(next.network().name())));
    service(next.network().name()).serve(next);
  }

  private NameService service(String name) {
    return services.computeIfAbsent(
        name, n -> new NameService(tools, directory.resolve(n), watch, lock));
  }

  static String batch(BridgeNetwork n, boolean isThere) {
    StringBuilder text = new StringBuilder();
    if (!isThere) {
      text.append(
          "link add name %s address %s type bridge stp_state 0 forward_delay 0\n"
              .formatted(n.name(), n.mac()));
    }
    // The first address is the network's: others keep their own.
    text.append("addr replace %s/%d dev %s\n".formatted(n.gateway4(), n.prefix4(), n.name()));
    n.gateway6()
        .ifPresent(g ->
            text.append("addr replace %s/%s dev %s nodad\n".formatted(g, length6(n), n.name())));
    text.append("link set %s up\n".formatted(n.name()));
    return text.toString();
  }

  private static String length6(BridgeNetwork n) {
    String subnet = java.util.Objects.requireNonNull(n.subnet6());
    return subnet.substring(subnet.indexOf('/') + 1);
  }

  /** Those of the wanted that differ from what is served; what nobody wants goes. */
  List<Served> replace(List<Served> wanted) {
    List<String> names = wanted.stream().map(s -> s.network().name()).toList();
    Set<String> known = new TreeSet<>(served.keySet());
    known.addAll(left());
    known.stream().filter(n -> !names.contains(n)).forEach(this::remove);
    List<Served> different =
        wanted.stream().filter(s -> !s.equals(served.get(s.network().name()))).toList();
    wanted.forEach(this::add);
    return different;
  }

  /** Networks that an earlier daemon made, by the directories of their services. */
  private Set<String> left() {
    Set<String> names = new TreeSet<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (NoSuchFileException e) {
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  /** Serves those; what fails is told in the log. */
  void bringUpAll(List<Served> wanted) {
    for (Served s : wanted) {
      try {
        bringUp(s);
      } catch (LaminaException e) {
        log.log(Level.ERROR, "network {0}: {1}", s.network().name(), e.text());
        // Tried again with the next change.
        served.put(s.network().name(), new Served(s.network(), List.of()));
      }
    }
  }

  void remove(String name) {
    service(name).stop();
    services.remove(name);
    if (isThere(name)) {
      tools.ipLeniently("link del " + name + "\n");
    }
    served.remove(name);
    if (served.isEmpty()) {
      try {
        Files.deleteIfExists(directory);
      } catch (IOException e) {
        log.log(Level.WARNING, "{0} is left: {1}", directory, e.getMessage());
      }
    }
  }

  boolean isServed(String name) {
    return isThere(name) && service(name).isRunning();
  }
}
