package org.lamina.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a container's network: first what goes, then what comes.
 *
 * @param deleteAllAddresses all of them, whatever {@code deleted} says
 * @param nameservers the new list, empty for none; null leaves it
 * @param searchDomains likewise
 * @param withdrawAllPorts all of them, whatever {@code withdrawn} says
 * @param rate null leaves it
 * @param wanted addresses to be taken from pools, resolved before this is applied
 * @param unasked nobody on the wire is asked whether he has one of the addresses
 */
public record NetworkChange(
    boolean deleteAllAddresses,
    List<IpAddress> deleted,
    List<GuestAddress> added,
    @Nullable List<String> nameservers,
    @Nullable List<String> searchDomains,
    boolean withdrawAllPorts,
    List<PublishedPort> withdrawn,
    List<PublishedPort> published,
    @Nullable TrafficRate rate,
    NetifChange interfaces,
    List<PoolRequest> wanted,
    boolean unasked) {
  public static final NetworkChange NONE =
      new NetworkChange(false, List.of(), List.of(), null, null, false, List.of(), List.of(), null);

  public NetworkChange {
    deleted = List.copyOf(deleted);
    added = List.copyOf(added);
    nameservers = nameservers == null ? null : List.copyOf(nameservers);
    searchDomains = searchDomains == null ? null : List.copyOf(searchDomains);
    withdrawn = List.copyOf(withdrawn);
    published = List.copyOf(published);
    wanted = List.copyOf(wanted);
  }

  /** One that leaves interfaces other than the routed one alone. */
  public NetworkChange(
      boolean deleteAllAddresses,
      List<IpAddress> deleted,
      List<GuestAddress> added,
      @Nullable List<String> nameservers,
      @Nullable List<String> searchDomains,
      boolean withdrawAllPorts,
      List<PublishedPort> withdrawn,
      List<PublishedPort> published,
      @Nullable TrafficRate rate) {
    this(
        deleteAllAddresses,
        deleted,
        added,
        nameservers,
        searchDomains,
        withdrawAllPorts,
        withdrawn,
        published,
        rate,
        NetifChange.NONE,
        List.of(),
        false);
  }

  /** Whether an address is still to be chosen. */
  public boolean wantsAddress() {
    return !wanted.isEmpty() || interfaces.edits().stream().anyMatch(e -> !e.wanted().isEmpty());
  }

  /** This change with the addresses that were chosen. */
  public NetworkChange resolved(List<GuestAddress> chosen, NetifChange otherInterfaces) {
    List<GuestAddress> all = new ArrayList<>(added);
    all.addAll(chosen);
    return new NetworkChange(
        deleteAllAddresses,
        deleted,
        all,
        nameservers,
        searchDomains,
        withdrawAllPorts,
        withdrawn,
        published,
        rate,
        otherInterfaces,
        List.of(),
        unasked);
  }

  /**
   * What a configuration is afterwards. Adding what is there and deleting what is not changes
   * nothing, so that a command can be repeated.
   *
   * @param identity names and addresses of new interfaces follow from it
   * @throws LaminaException BAD_IP for ports without an address they could lead to, VETH_FAILED,
   *     and as {@link NetworkConfig}
   */
  public NetworkConfig apply(NetworkConfig old, InterfaceIdentity identity) {
    List<GuestAddress> addresses = new ArrayList<>();
    if (!deleteAllAddresses) {
      addresses.addAll(old.addresses());
      addresses.removeIf(a -> deleted.contains(a.address()));
    }
    for (GuestAddress address : added) {
      addresses.removeIf(a -> a.address().equals(address.address()) && !a.equals(address));
      if (!addresses.contains(address)) {
        addresses.add(address);
      }
    }
    List<PublishedPort> ports = new ArrayList<>();
    if (!withdrawAllPorts) {
      ports.addAll(old.ports());
      ports.removeAll(withdrawn);
    }
    published.stream().filter(p -> !ports.contains(p)).forEach(ports::add);
    NetworkConfig result =
        new NetworkConfig(
            addresses,
            nameservers != null ? nameservers : old.nameservers(),
            searchDomains != null ? searchDomains : old.searchDomains(),
            ports,
            rate != null ? rate : old.rate(),
            interfaces.apply(old.interfaces(), identity),
            interfaces.devices(old.devices()));
    requireTargets(result);
    return result;
  }

  /** Checked for new ports alone: a port may wait for an address that was taken away. */
  private void requireTargets(NetworkConfig result) {
    for (PublishedPort port : published) {
      boolean v6 = port.address() != null && port.address().isV6();
      if (result.first(v6).isEmpty() && (port.address() != null || result.owned().isEmpty())) {
        throw new LaminaException(
            ExitCode.BAD_IP,
            "port " + port + " leads nowhere: the container has no IPv" + (v6 ? 6 : 4) + " address",
            "Give it one with --ipadd in the same command.");
      }
    }
  }
}
