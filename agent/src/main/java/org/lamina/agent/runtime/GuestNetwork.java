package org.lamina.agent.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.network.Link;
import org.lamina.agent.network.ResolverText;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.IpAddress;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;

/**
 * What the inside has to know of its network: name servers, which interfaces its network managers
 * are to leave alone, and which are to ask for an address. Files of ours begin with {@link #MARK};
 * what the container's administrator put in their place, or says of an interface, stays.
 */
final class GuestNetwork {
  static final String MARK = "# Set up from the host.\n";

  private static final String NETWORKD = "systemd/network";
  private static final String IFUPDOWN = "network/interfaces.d";
  private static final String NETWORK_MANAGER = "NetworkManager/conf.d";
  private static final String WANTS = "systemd/system/multi-user.target.wants";
  private static final String NETWORKD_UNIT = "systemd-networkd.service";

  /** Clients that ifupdown asks by DHCP with. */
  private static final List<String> CLIENTS =
      List.of(
          "usr/sbin/dhclient", "sbin/dhclient", "usr/sbin/dhcpcd", "sbin/dhcpcd", "sbin/udhcpc");

  /** Answers that only what the container's root put there can cause. */
  private static final Set<Integer> THEIR_AFFAIR =
      Set.of(Errno.ENOENT, Errno.ELOOP, Errno.ENOTDIR, Errno.EISDIR, Errno.EPERM, Errno.EACCES);

  private final Kernel kernel;
  private final GuestFiles files;
  private final Fd root;
  private final Fd etc;

  /**
   * @param root of the container
   * @param etc below it
   */
  GuestNetwork(Kernel kernel, GuestFiles files, Fd root, Fd etc) {
    this.kernel = kernel;
    this.files = files;
    this.root = root;
    this.etc = etc;
  }

  /** Who asks for addresses inside. */
  enum Asking {
    NOBODY,
    NETWORKD,
    IFUPDOWN
  }

  /**
   * Writes what there is to write.
   *
   * @param hostResolver text of the host's resolv.conf
   */
  Asking write(NetworkConfig network, String hostResolver) {
    writeResolver(network, hostResolver);
    List<String> fromHost = new ArrayList<>();
    if (network.isConnected()) {
      fromHost.add(Link.GUEST);
    }
    network.interfaces().stream().filter(Netif::isSetFromHost).forEach(n -> fromHost.add(n.name()));
    put(NETWORKD, "05-lamina-" + Link.GUEST + ".network", unmanaged(fromHost));
    put(
        NETWORK_MANAGER,
        "lamina-" + Link.GUEST + ".conf",
        fromHost.isEmpty()
            ? null
            : MARK
                + "[keyfile]\nunmanaged-devices="
                + fromHost.stream().map(n -> "interface-name:" + n).collect(Collectors.joining(";"))
                + "\n");
    List<Netif> asking =
        network.interfaces().stream()
            .filter(n -> (n.dhcp4() || n.dhcp6()) && !isSetUpInside(n.name()))
            .toList();
    boolean ifupdown =
        CLIENTS.stream().anyMatch(c -> isThere(root, c)) && isThere(etc, "network/interfaces");
    put(IFUPDOWN, "lamina", ifupdown ? stanzas(asking) : null);
    networkd(ifupdown ? List.of() : asking).forEach((name, text) -> put(NETWORKD, name, text));
    if (asking.isEmpty()) {
      return Asking.NOBODY;
    }
    if (!ifupdown) {
      enableNetworkd();
    }
    return ifupdown ? Asking.IFUPDOWN : Asking.NETWORKD;
  }

  private void writeResolver(NetworkConfig network, String hostResolver) {
    String before = files.read(etc, "resolv.conf").orElse("");
    if (!network.nameservers().isEmpty() || !network.searchDomains().isEmpty()) {
      files.replace(etc, "resolv.conf", ResolverText.merge(before, network, hostResolver));
      return;
    }
    Optional<IpAddress> server =
        network.interfaces().stream()
            .filter(n -> n.lease() != null)
            .map(Netif::gateway4)
            .filter(java.util.Objects::nonNull)
            .findFirst();
    if (server.isPresent() && before.lines().noneMatch(l -> l.startsWith("nameserver"))) {
      // Not every client inside writes what it was told.
      files.replace(etc, "resolv.conf", before + "nameserver " + server.get() + "\n");
    }
  }

  private static @Nullable String unmanaged(List<String> names) {
    return names.isEmpty()
        ? null
        : MARK + "[Match]\nName=" + String.join(" ", names) + "\n[Link]\nUnmanaged=yes\n";
  }

  /** One file per kind of question: one file of systemd-networkd has one answer for all. */
  private static Map<String, @Nullable String> networkd(List<Netif> asking) {
    Map<String, @Nullable String> all = new LinkedHashMap<>();
    for (String kind : List.of("ipv4", "ipv6", "yes")) {
      String names =
          asking.stream()
              .filter(n -> kind.equals(n.dhcp4() ? n.dhcp6() ? "yes" : "ipv4" : "ipv6"))
              .map(Netif::name)
              .collect(Collectors.joining(" "));
      // After the administrator's own, which usually begin with lower numbers: the first counts.
      all.put(
          "90-lamina-dhcp-" + kind + ".network",
          names.isEmpty()
              ? null
              : MARK + "[Match]\nName=" + names + "\n[Network]\nDHCP=" + kind + "\n");
    }
    return all;
  }

  private static @Nullable String stanzas(List<Netif> asking) {
    if (asking.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder(MARK);
    for (Netif n : asking) {
      text.append("auto " + n.name() + "\n");
      if (n.dhcp4()) {
        text.append("iface " + n.name() + " inet dhcp\n");
      }
      if (n.dhcp6()) {
        text.append("iface " + n.name() + " inet6 dhcp\n");
      }
    }
    return text.toString();
  }

  private boolean isSetUpInside(String name) {
    try (Fd directory = kernel.files().locate(etc, "network", FileCalls.RESOLVE_STRICT)) {
      return Pattern.compile("(?m)^\\s*iface\\s+" + Pattern.quote(name) + "\\s")
          .matcher(files.read(directory, "interfaces").orElse(""))
          .find();
    } catch (KernelException e) {
      return false;
    }
  }

  private boolean isThere(Fd directory, String path) {
    try (Fd file =
        kernel
            .files()
            .locate(directory, path, FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS)) {
      return true;
    } catch (KernelException e) {
      return false;
    }
  }

  /** A file of ours in a directory that exists; null takes it away. */
  private void put(String path, String name, @Nullable String text) {
    try (Fd directory = kernel.files().locate(etc, path, FileCalls.RESOLVE_STRICT)) {
      if (isThere(directory, name)
          && !files.read(directory, name).filter(now -> now.startsWith(MARK)).isPresent()) {
        return;
      }
      if (text != null) {
        files.replace(directory, name, text);
      } else if (isThere(directory, name)) {
        kernel.files().unlink(directory, name);
      }
    } catch (KernelException e) {
      if (THEIR_AFFAIR.stream().noneMatch(e::is)) {
        throw e;
      }
    }
  }

  /** As {@code systemctl enable} does; a unit that was masked inside stays so. */
  private void enableNetworkd() {
    try (Fd directory = kernel.files().locate(etc, WANTS, FileCalls.RESOLVE_STRICT)) {
      kernel
          .files()
          .makeSymlink(directory, NETWORKD_UNIT, "/usr/lib/systemd/system/" + NETWORKD_UNIT);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST) && THEIR_AFFAIR.stream().noneMatch(e::is)) {
        throw e;
      }
    }
  }
}
