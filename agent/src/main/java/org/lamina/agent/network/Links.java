package org.lamina.agent.network;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Makes, changes and mends the interfaces of one container at a time, by batches of the tools. */
record Links(Tools tools, Forwarding forwarding, String table) {

  Change change(Connected old, Connected next, int initPid) {
    return Connected.between(old, next, table, initPid);
  }

  /** All of a change but the packet filter. */
  void apply(Change change, Connected old, Connected next, int initPid, Surroundings surroundings) {
    forwarding.ofHost(next, surroundings);
    tools.ipBothLeniently(change.hostAway(), initPid, change.guestAway());
    boolean fresh = !next.isWithin(old);
    if (fresh) {
      clear(old, next);
      tools.ip(change.host());
      forwarding.ofLinks(next);
      tools.ipInside(initPid, change.guest());
    } else {
      tools.ipBoth(change.host(), initPid, change.guest());
      if (isV6(next) && !isV6(old)) {
        forwarding.ofLinks(next);
      }
    }
    tools.tcLeniently(change.trafficAway());
    tools.tc(change.traffic());
  }

  /** A link without such addresses has not all the settings that they need. */
  private static boolean isV6(Connected connected) {
    Wanted link = connected.link();
    return link != null && link.has(true);
  }

  /**
   * Whether the names of new host ends are free or our own. Asked before anything is changed: what
   * a failed change takes back goes by name.
   *
   * @throws LaminaException VETH_FAILED
   */
  void requireOwn(Connected old, Connected next) {
    for (Port port : next.ports()) {
      if (old.ports().stream().noneMatch(port::isSamePair)) {
        requireOwn(port.netif().hostName(), port.netif().hostMac().text());
      }
    }
  }

  private boolean requireOwn(String name, String mac) {
    Optional<Tools.Device> there = tools.device(name);
    if (there.isPresent() && !there.get().mac().equals(mac)) {
      throw new LaminaException(
          ExitCode.VETH_FAILED,
          "the host has an interface " + name + " that is not this container's",
          "Give the container's another name there: --ifname NAME --host_ifname NAME.");
    }
    return there.isPresent();
  }

  /** Host ends that an earlier run left; what is not ours is not touched. */
  private void clear(Connected old, Connected next) {
    Wanted link = next.link();
    if (link != null && old.link() == null) {
      // Its name is ours alone.
      String host = link.link().host();
      if (forwarding.knows(host)) {
        tools.ipLeniently("link del " + host + "\n");
      }
    }
    for (Port port : next.ports()) {
      if (old.ports().stream().noneMatch(port::isSamePair)) {
        clear(port.netif().hostName(), port.netif().hostMac().text());
      }
    }
  }

  private void clear(String name, String mac) {
    if (requireOwn(name, mac)) {
      tools.ipLeniently("link del " + name + "\n");
    }
  }

  /** All of it is put again: the kernel keeps what is there as it is. */
  void mend(Connected wanted, int initPid, Predicate<String> isThere, Surroundings surroundings) {
    Change change = change(wanted.bare(isThere), wanted, initPid);
    forwarding.ofHost(wanted, surroundings);
    tools.ip(change.host() + up(wanted.hostNames()));
    forwarding.ofLinks(wanted);
    tools.ipInside(initPid, change.guest() + up(wanted.guestNames()));
    tools.tc(change.traffic());
  }

  /** What was made and not yet switched on. */
  private static String up(List<String> names) {
    return names.stream().map("link set %s up\n"::formatted).collect(Collectors.joining());
  }

  /** Back to what was before a change that failed somewhere. */
  void takeBack(Connected failed, Connected before, int initPid) {
    Change back = change(failed, before, initPid);
    tools.ipLeniently(back.hostAway() + back.host());
    tools.ipInsideLeniently(initPid, back.guestAway() + back.guest());
    tools.tcLeniently(back.trafficAway() + back.traffic());
  }
}
