package org.lamina.manager.api;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.GuestAccess;

/**
 * Devices, capabilities and features in the API, each as the configuration file has it. In a change
 * they are put over what there is.
 *
 * @param devnodes such as {@code net/tun:rw fuse:none}
 * @param devices such as {@code c:10:200:rw}
 * @param capability such as {@code NET_RAW:off}
 * @param features such as {@code tun:on}
 */
public record AccessJson(
    @Nullable String devnodes,
    @Nullable String devices,
    @Nullable String capability,
    @Nullable String features) {
  static AccessJson of(GuestAccess access) {
    return new AccessJson(
        access.nodesText(), access.devicesText(), access.capabilitiesText(), access.featuresText());
  }

  static GuestAccess toAccess(@Nullable AccessJson asked) {
    if (asked == null) {
      return GuestAccess.NONE;
    }
    return new GuestAccess(
        asked.devnodes == null ? List.of() : GuestAccess.nodes(asked.devnodes),
        asked.devices == null ? List.of() : GuestAccess.devices(asked.devices),
        asked.capability == null ? new TreeMap<>() : GuestAccess.capabilities(asked.capability),
        asked.features == null ? new TreeMap<>() : GuestAccess.features(asked.features));
  }
}
