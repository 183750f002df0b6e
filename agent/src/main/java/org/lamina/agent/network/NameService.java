package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.NetworkHost.Member;
import org.lamina.agent.NetworkHost.Served;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;

/**
 * The dnsmasq of one network. It outlives the daemon and is found again by its process id and the
 * configuration file in its arguments; when it ends unasked it is started anew. Addresses are not
 * its choice: it gives what it is told to, to those it is told of. Guarded by its owner's lock.
 */
final class NameService {
  private static final Logger log = System.getLogger(NameService.class.getName());
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** One that ends sooner would be started again and again. */
  private static final long LEAST_LIFE_NANOS = 5_000_000_000L;

  /** Larger networks than this are not known to dnsmasq; addresses are given from the beginning. */
  private static final int SHORTEST6 = 64;

  private final Tools tools;
  private final Path directory;
  private final IntFunction<CompletableFuture<Integer>> watch;
  private final Object lock;
  private @Nullable Served served;
  private long watched;

  /**
   * @param directory of its own
   * @param watch completes when a process has ended
   * @param lock of the owner
   */
  NameService(
      Tools tools, Path directory, IntFunction<CompletableFuture<Integer>> watch, Object lock) {
    this.tools = tools;
    this.directory = directory;
    this.watch = watch;
    this.lock = lock;
  }

  /** Serves this from now on. */
  void serve(Served next) {
    try {
      Files.createDirectories(directory);
      boolean changed = write("dnsmasq.conf", configuration(next));
      changed |= write("hosts", hosts(next));
      changed |= write("names", names(next));
      changed |= !kept(leases(), next).equals(leases());
      served = next;
      Optional<ProcessHandle> running = running();
      if (running.isPresent() && !changed) {
        attend(running.get());
        return;
      }
      end();
      String kept = kept(leases(), next);
      Files.writeString(directory.resolve("leases"), kept);
      start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it and removes what it left. */
  void stop() {
    served = null;
    end();
    try {
      for (String name : List.of("dnsmasq.conf", "hosts", "names", "leases", "pid", "log")) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isRunning() {
    return running().isPresent();
  }

  private void start() {
    Tools.Result result = tools.run("dnsmasq", "--conf-file=" + directory.resolve("dnsmasq.conf"));
    if (!result.ok()) {
      throw new LaminaException(
          ExitCode.VETH_FAILED,
          "dnsmasq does not start: " + result.output().strip().replace('\n', ' '),
          "Another program may serve names or DHCP on that address: ss -lunp.");
    }
    running().ifPresent(this::attend);
  }

  private void attend(ProcessHandle process) {
    if (watched == process.pid()) {
      return;
    }
    watched = process.pid();
    long since = System.nanoTime();
    var _ =
        watch
            .apply((int) process.pid())
            .thenAccept(code -> {
              long wait = Math.max(0, LEAST_LIFE_NANOS - (System.nanoTime() - since));
              CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS)
                  .execute(() -> ended(process.pid(), code));
            });
  }

  private void ended(long pid, int code) {
    synchronized (lock) {
      Served wanted = served;
      if (wanted == null || watched != pid) {
        return;
      }
      watched = 0;
      log.log(
          Level.WARNING,
          "dnsmasq of network {0} ended (status {1}); it is started again",
          wanted.network().name(),
          code);
      try {
        start();
      } catch (LaminaException e) {
        log.log(Level.ERROR, "network {0}: {1}", wanted.network().name(), e.text());
      }
    }
  }

  private void end() {
    watched = 0;
    ProcessHandle process = running().orElse(null);
    if (process == null) {
      return;
    }
    process.destroy();
    long patience = System.nanoTime() + PATIENCE_NANOS;
    // It is no child of ours, and the JDK looks at such only every now and then.
    while (process.isAlive()) {
      if (System.nanoTime() > patience) {
        process.destroyForcibly();
        return;
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Optional<ProcessHandle> running() {
    try {
      long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
      String arguments =
          Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
      return arguments.contains(directory.resolve("dnsmasq.conf").toString())
          ? ProcessHandle.of(pid)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private String leases() throws IOException {
    try {
      return Files.readString(directory.resolve("leases"));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private boolean write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return false;
    }
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), false);
    file.toFile().setReadable(true, false);
    return true;
  }

  String configuration(Served s) {
    return configuration4(s) + configuration6(s);
  }

  /**
   * Routers are found by advertisements alone. These say that addresses are to be asked for, not
   * made up: each is known beforehand, and held to its interface.
   */
  private static String configuration6(Served s) {
    String subnet = s.network().subnet6();
    IpAddress gateway = s.network().gateway6().orElse(null);
    if (subnet == null || gateway == null) {
      return "";
    }
    int slash = subnet.indexOf('/');
    return """
    enable-ra
    dhcp-range=@SUBNET,static,@LENGTH
    dhcp-option=option6:dns-server,[@GATEWAY]
    """
        .replace("@SUBNET", subnet.substring(0, slash))
        .replace("@LENGTH", "" + Math.max(SHORTEST6, Integer.parseInt(subnet.substring(slash + 1))))
        .replace("@GATEWAY", gateway.text());
  }

  private String configuration4(Served s) {
    String subnet = s.network().subnet4();
    return """
    # Written by Lamina.
    interface=@NAME
    except-interface=lo
    bind-interfaces
    listen-address=@GATEWAY
    no-hosts
    addn-hosts=@DIR/names
    domain=@DOMAIN
    local=/@DOMAIN/
    expand-hosts
    domain-needed
    bogus-priv
    dhcp-range=@SUBNET,static,@LENGTH
    dhcp-hostsfile=@DIR/hosts
    dhcp-leasefile=@DIR/leases
    dhcp-authoritative
    dhcp-option=option:router,@GATEWAY
    dhcp-option=option:dns-server,@GATEWAY
    pid-file=@DIR/pid
    log-facility=@DIR/log
    """
        .replace("@NAME", s.network().name())
        .replace("@GATEWAY", s.network().gateway4().text())
        .replace("@DOMAIN", s.network().domain())
        .replace("@SUBNET", subnet.substring(0, subnet.indexOf('/')))
        .replace("@LENGTH", mask(s.network().prefix4()))
        .replace("@DIR", directory.toString());
  }

  private static String mask(int prefix) {
    int bits = -1 << (32 - prefix);
    return "%d.%d.%d.%d".formatted(bits >>> 24, bits >>> 16 & 0xff, bits >>> 8 & 0xff, bits & 0xff);
  }

  private static String hosts(Served s) {
    return s.members().stream()
        .filter(Member::asks)
        .map(m -> m.mac() + "," + written(m.address()) + "," + m.name() + ",1h\n")
        .collect(Collectors.joining());
  }

  private static String written(IpAddress address) {
    return address.isV6() ? "[" + address + "]" : address.text();
  }

  private static String names(Served s) {
    return s.network().gateway4()
        + " host\n"
        + s.members().stream()
            .map(m -> m.address() + " " + m.name() + "\n")
            .collect(Collectors.joining());
  }

  /**
   * The leases of those who are still on the network, and who the server says that it is. Those of
   * IPv6 are not by hardware address.
   */
  static String kept(String leases, Served s) {
    return leases
        .lines()
        .filter(line -> {
          String[] f = line.split(" ");
          return f[0].equals("duid")
              || (f.length >= 3
                  && s.members().stream()
                      .anyMatch(m ->
                          m.address().text().equals(f[2])
                              && (m.address().isV6() || m.mac().text().equals(f[1]))));
        })
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
