package org.lamina.schema;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code vzctl set --features} names, and what stands behind it on a stock kernel.
 *
 * @see GuestAccess
 */
public enum Feature {
  /** Always there: every container has a sysfs of its own network namespace. */
  SYSFS(Kind.ALWAYS, null, null),
  /** Mounting NFS inside. */
  NFS(Kind.FILE_SYSTEM, "nfs", null),
  /** A server of NFS in the kernel. */
  NFSD(Kind.FILE_SYSTEM, "nfsd", null),
  SIT(Kind.LINK, "sit", null),
  IPIP(Kind.LINK, "ipip", null),
  IPGRE(Kind.LINK, "ip_gre", null),
  BRIDGE(Kind.LINK, "bridge", null),
  PPP(Kind.DEVICE, "ppp_generic", "ppp"),
  TUN(Kind.DEVICE, "tun", "net/tun"),
  FUSE(Kind.DEVICE, "fuse", "fuse");

  /** How a feature comes to a container. */
  public enum Kind {
    /** Nothing has to be done and nothing can be taken away. */
    ALWAYS,
    /** Needs a file system of the host's kernel and a container without a user namespace. */
    FILE_SYSTEM,
    /** Links of the container's own network namespace; needs a module of the kernel. */
    LINK,
    /** A device node and the right to open it. */
    DEVICE
  }

  private final Kind kind;
  private final @Nullable String module;
  private final @Nullable String node;

  Feature(Kind kind, @Nullable String module, @Nullable String node) {
    this.kind = kind;
    this.module = module;
    this.node = node;
  }

  public Kind kind() {
    return kind;
  }

  /** Module of the kernel that has it, or null for none. */
  public @Nullable String module() {
    return module;
  }

  /** The node of a {@link Kind#DEVICE}, or null. */
  public @Nullable DeviceNode node() {
    return node == null ? null : new DeviceNode(node, true, true);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public static Feature parse(String word) {
    return Arrays.stream(values())
        .filter(f -> f.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.BAD_PARAMETER,
                "there is no feature " + Printable.shorten(word, 40),
                "Features are "
                    + Arrays.stream(values()).map(Feature::word).collect(Collectors.joining(", "))
                    + "."));
  }
}
