package org.lamina.schema;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A port of the host that leads to a port of a container.
 *
 * @param address address of the host, or null for all of them
 * @param hostPort 1 to 65535
 * @param port inside, 1 to 65535
 */
public record PublishedPort(
    @Nullable IpAddress address, int hostPort, int port, Protocol protocol) {
  /** What runs on the port. */
  public enum Protocol {
    TCP,
    UDP;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern FORM =
      Pattern.compile("(?:(.+):)?([0-9]{1,5}):([0-9]{1,5})(?:/(tcp|udp))?");

  /**
   * @throws LaminaException BAD_IP
   */
  public PublishedPort {
    if (hostPort < 1 || hostPort > 65_535 || port < 1 || port > 65_535) {
      throw new LaminaException(
          ExitCode.BAD_IP, "a port is not between 1 and 65535: " + hostPort + ":" + port);
    }
  }

  /**
   * {@code [ADDRESS:]HOSTPORT:PORT[/udp]}, an IPv6 address in brackets.
   *
   * @throws LaminaException BAD_IP
   */
  public static PublishedPort parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new LaminaException(
          ExitCode.BAD_IP,
          "bad port \"" + Printable.shorten(text, 60) + "\"",
          "Write [ADDRESS:]HOSTPORT:PORT[/udp], such as 8080:80 or 192.0.2.1:53:53/udp.");
    }
    String host = m.group(1);
    if (host != null && host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new PublishedPort(
        host == null ? null : new IpAddress(host),
        Integer.parseInt(m.group(2)),
        Integer.parseInt(m.group(3)),
        "udp".equals(m.group(4)) ? Protocol.UDP : Protocol.TCP);
  }

  /** Whether both would take the same packets. */
  public boolean collidesWith(PublishedPort other) {
    return protocol == other.protocol
        && hostPort == other.hostPort
        && (address == null || other.address == null || address.equals(other.address));
  }

  @Override
  public String toString() {
    String host =
        address == null ? "" : (address.isV6() ? "[" + address + "]" : address.text()) + ":";
    return host + hostPort + ":" + port + (protocol == Protocol.UDP ? "/udp" : "");
  }
}
