package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.lamina.agent.NetworkHost;
import org.lamina.schema.AddressRange;
import org.lamina.schema.IpAddress;

/** The host's side of networks, pretended: what is served, and who answers on the wire. */
public final class FakeNetworkHost implements NetworkHost {
  final Map<String, Served> served = new TreeMap<>();
  final List<AddressRange> networks = new ArrayList<>();
  final Set<IpAddress> answering = new HashSet<>();
  RuntimeException failure;

  @Override
  public void makeNetwork(Served wanted) {
    if (failure != null) {
      throw failure;
    }
    served.put(wanted.network().name(), wanted);
  }

  @Override
  public void serve(List<Served> all) {
    served.clear();
    all.forEach(s -> served.put(s.network().name(), s));
  }

  @Override
  public void removeNetwork(String name) {
    served.remove(name);
  }

  @Override
  public boolean isServed(String name) {
    return served.containsKey(name);
  }

  @Override
  public List<AddressRange> networksOfHost() {
    return networks;
  }

  @Override
  public Optional<String> answering(Collection<IpAddress> addresses) {
    return addresses.stream()
        .filter(answering::contains)
        .findFirst()
        .map(a -> a + " is in use on eth0 by 02:00:00:00:00:01");
  }
}
