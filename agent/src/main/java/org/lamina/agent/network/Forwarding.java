package org.lamina.agent.network;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamina.agent.proc.ControlFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Kernel settings without which the host would not route for containers. What is changed on the
 * host is said in the log; it stays when the last container is gone, because others may have come
 * to need it.
 *
 * @param net {@code /proc/sys/net}, which is that of this program's network namespace
 */
record Forwarding(Path net) {
  private static final Logger log = System.getLogger(Forwarding.class.getName());

  /** Before a container's link is made. */
  void ofHost(Connected wanted, Surroundings surroundings) {
    Wanted link = wanted.link();
    if (link != null) {
      ofHost(link.has(false), link.has(true), surroundings);
    }
  }

  void ofHost(boolean v4, boolean v6, Surroundings surroundings) {
    if (v4) {
      raise("ipv4/ip_forward", "1");
    }
    if (v6) {
      for (Surroundings.Uplink uplink : surroundings.uplinks()) {
        String conf = "ipv6/conf/" + uplink.name() + "/";
        if (read(conf + "accept_ra").equals("1")) {
          // A router hears no advertisements; this keeps the host's own default route.
          raise(conf + "accept_ra", "2");
        }
        raise(conf + "proxy_ndp", "1");
      }
      raise("ipv6/conf/all/forwarding", "1");
    }
  }

  /** When they are made: nothing that a container says may change the host's own routes. */
  void ofLinks(Connected wanted) {
    Wanted link = wanted.link();
    if (link != null) {
      ofLink(link);
    }
    for (Port port : wanted.ports()) {
      String name = port.netif().hostName();
      if (Files.exists(net.resolve("ipv6/conf/" + name))) {
        write("ipv6/conf/" + name + "/accept_ra", "0");
        write("ipv6/conf/" + name + "/accept_redirects", "0");
      }
    }
  }

  private void ofLink(Wanted wanted) {
    String name = wanted.link().host();
    write("ipv4/conf/" + name + "/forwarding", "1");
    write("ipv4/conf/" + name + "/rp_filter", "1");
    write("ipv4/conf/" + name + "/accept_redirects", "0");
    if (Files.exists(net.resolve("ipv6/conf/" + name))) {
      write("ipv6/conf/" + name + "/accept_ra", "0");
      write("ipv6/conf/" + name + "/accept_redirects", "0");
      if (wanted.has(true)) {
        write("ipv6/conf/" + name + "/forwarding", "1");
      }
    }
  }

  /** Whether there is an interface of that name. */
  boolean knows(String device) {
    return Files.exists(net.resolve("ipv4/conf/" + device));
  }

  private void raise(String key, String value) {
    String now = read(key);
    if (!now.equals(value)) {
      write(key, value);
      log.log(
          Level.INFO,
          "net.{0}: {1} -> {2} (containers have addresses)",
          key.replace('/', '.'),
          now,
          value);
    }
  }

  private String read(String key) {
    try {
      return ControlFile.read(net.resolve(key));
    } catch (IOException e) {
      return "";
    }
  }

  private void write(String key, String value) {
    try {
      Files.writeString(net.resolve(key), value);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.CANNOT_ADD_IP,
          "cannot set " + net.resolve(key) + " to " + value + ": " + e.getMessage(),
          key.startsWith("ipv6") ? "This kernel may have IPv6 switched off." : null,
          e);
    }
  }
}
