package org.lamina.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A change of a container's interfaces: first what goes, then what comes, then what becomes
 * different.
 *
 * @param deleteAll all of them, whatever {@code deleted} says
 * @param deleted names inside
 * @param returnAll gives every interface of the host back, whatever {@code returned} says
 * @param returned interfaces of the host
 * @param taken likewise
 */
public record NetifChange(
    boolean deleteAll,
    List<String> deleted,
    List<Addition> added,
    List<Edit> edits,
    boolean returnAll,
    List<String> returned,
    List<String> taken) {
  public static final NetifChange NONE =
      new NetifChange(false, List.of(), List.of(), List.of(), false, List.of(), List.of());

  public NetifChange {
    deleted = List.copyOf(deleted);
    added = List.copyOf(added);
    edits = List.copyOf(edits);
    returned = List.copyOf(returned);
    taken = List.copyOf(taken);
    taken.forEach(name -> InterfaceName.check(name, "an interface of the host"));
  }

  /** A new interface; null is given from the container's identity, a null bridge is none. */
  public record Addition(
      String name,
      @Nullable MacAddress mac,
      @Nullable String hostName,
      @Nullable MacAddress hostMac,
      @Nullable String bridge) {

    /**
     * {@code NAME[,MAC[,HOST_NAME[,HOST_MAC[,BRIDGE]]]]}; any of them but the name may be empty.
     *
     * @throws LaminaException BAD_PARAMETER
     */
    public static Addition parse(String text) {
      String[] f = text.split(",", -1);
      if (f.length > 5 || f[0].isEmpty()) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "bad interface \"" + Printable.shorten(text, 80) + "\"",
            "Write NAME[,MAC,HOST_NAME,HOST_MAC,BRIDGE], such as eth0,,,,br0.");
      }
      return new Addition(
          InterfaceName.check(f[0], "an interface"), mac(f, 1), word(f, 2), mac(f, 3), word(f, 4));
    }

    private static @Nullable String word(String[] f, int n) {
      return n >= f.length || f[n].isEmpty() ? null : f[n];
    }

    private static @Nullable MacAddress mac(String[] f, int n) {
      String word = word(f, n);
      return word == null ? null : new MacAddress(word);
    }
  }

  /**
   * What becomes different of one interface; null leaves it.
   *
   * @param bridge the empty text takes it from its bridge
   * @param wanted addresses to be taken from a pool, resolved before this is applied
   * @param gateway4 the empty text takes the default route away
   * @param gateway6 likewise
   */
  public record Edit(
      String name,
      @Nullable MacAddress mac,
      @Nullable String hostName,
      @Nullable MacAddress hostMac,
      @Nullable String bridge,
      @Nullable Boolean macFilter,
      boolean deleteAllAddresses,
      List<IpAddress> deleted,
      List<GuestAddress> added,
      List<PoolRequest> wanted,
      @Nullable String gateway4,
      @Nullable String gateway6,
      @Nullable Boolean dhcp4,
      @Nullable Boolean dhcp6) {
    public Edit {
      deleted = List.copyOf(deleted);
      added = List.copyOf(added);
      wanted = List.copyOf(wanted);
    }

    /** This edit with the addresses that the pools gave. */
    public Edit resolved(List<GuestAddress> given) {
      List<GuestAddress> all = new ArrayList<>(added);
      all.addAll(given);
      return new Edit(
          name,
          mac,
          hostName,
          hostMac,
          bridge,
          macFilter,
          deleteAllAddresses,
          deleted,
          all,
          List.of(),
          gateway4,
          gateway6,
          dhcp4,
          dhcp6);
    }

    Netif apply(Netif old) {
      List<GuestAddress> addresses = new ArrayList<>();
      if (!deleteAllAddresses) {
        addresses.addAll(old.addresses());
        addresses.removeIf(a -> deleted.contains(a.address()));
      }
      for (GuestAddress a : added) {
        addresses.removeIf(b -> b.address().equals(a.address()));
        addresses.add(a);
      }
      String otherBridge = bridge == null ? old.bridge() : bridge.isEmpty() ? null : bridge;
      return new Netif(
          old.name(),
          mac == null ? old.mac() : mac,
          hostName == null ? old.hostName() : hostName,
          hostMac == null ? old.hostMac() : hostMac,
          otherBridge,
          macFilter == null ? old.macFilter() : macFilter,
          addresses,
          gateway(gateway4, old.gateway4()),
          gateway(gateway6, old.gateway6()),
          dhcp4 == null ? old.dhcp4() : dhcp4,
          dhcp6 == null ? old.dhcp6() : dhcp6,
          old.lease(),
          old.lease6());
    }

    private static @Nullable IpAddress gateway(@Nullable String asked, @Nullable IpAddress old) {
      return asked == null ? old : asked.isEmpty() ? null : new IpAddress(asked);
    }
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * What the interfaces are afterwards.
   *
   * @throws LaminaException VETH_FAILED for an edit of what is not there or an addition of what is
   */
  public List<Netif> apply(List<Netif> old, InterfaceIdentity identity) {
    List<Netif> result = new ArrayList<>();
    if (!deleteAll) {
      result.addAll(old);
      result.removeIf(n -> deleted.contains(n.name()));
    }
    for (Addition a : added) {
      if (result.stream().anyMatch(n -> n.name().equals(a.name()))) {
        throw new LaminaException(
            ExitCode.VETH_FAILED,
            "the container has an interface " + a.name() + " already",
            "Change it with --ifname " + a.name() + ", or take it away with --netif_del.");
      }
      result.add(make(a, result, identity));
    }
    for (Edit edit : edits) {
      int at =
          IntStream.range(0, result.size())
              .filter(i -> result.get(i).name().equals(edit.name()))
              .findFirst()
              .orElseThrow(() ->
                  new LaminaException(
                      ExitCode.VETH_FAILED,
                      "the container has no interface " + Printable.shorten(edit.name(), 40),
                      "Give it one with --netif_add " + Printable.shorten(edit.name(), 40) + "."));
      result.set(at, edit.apply(result.get(at)));
    }
    return result;
  }

  /** What interfaces of the host it has afterwards. */
  public List<String> devices(List<String> old) {
    List<String> result = new ArrayList<>();
    if (!returnAll) {
      result.addAll(old);
      result.removeAll(returned);
    }
    taken.stream().filter(name -> !result.contains(name)).forEach(result::add);
    return result;
  }

  static Netif make(Addition a, List<Netif> others, @Nullable InterfaceIdentity identity) {
    MacAddress mac = a.mac();
    String hostName = a.hostName();
    MacAddress hostMac = a.hostMac();
    if (mac == null || hostName == null || hostMac == null) {
      if (identity == null) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER, "the interface " + a.name() + " is not described in full");
      }
      mac = mac != null ? mac : identity.mac("guest " + a.name());
      hostName = hostName != null ? hostName : freeName(others, identity);
      hostMac = hostMac != null ? hostMac : identity.bridgeSideMac("host " + a.name());
    }
    return Netif.of(a.name(), mac, hostName, hostMac, a.bridge());
  }

  private static String freeName(List<Netif> others, InterfaceIdentity identity) {
    Set<String> taken = others.stream().map(Netif::hostName).collect(Collectors.toSet());
    return IntStream.iterate(1, n -> n + 1)
        .mapToObj(identity::hostName)
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }
}
