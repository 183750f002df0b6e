package org.lamina.manager.core;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.Labels;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/**
 * One container as it is saved.
 *
 * @param uuid stable identity, given to init as {@code container_uuid}
 * @param name unique, or null
 * @param template name of the template it depends on
 * @param generation the template's generation it is mounted on
 * @param sample name of the sample configuration it was made from, or null
 * @param onboot start with the host; null means "if it ran before"
 * @param bootOrder higher starts first; null is last
 * @param disabled starting is refused
 * @param stopTimeoutSeconds 1..3600, or null for the host's default (120)
 * @param labels what it is found by in selectors
 * @param disk limits of its files
 * @param access devices, capabilities and features of its own
 * @param bindMounts of the host, in the order in which they are mounted
 * @param extra configuration keys Lamina keeps without acting on them
 * @param wantsRunning it was running by the operator's will when last heard of
 */
public record Container(
    Ctid ctid,
    UUID uuid,
    @Nullable String name,
    @Nullable String hostname,
    @Nullable String description,
    String template,
    int generation,
    IdRange ids,
    @Nullable String sample,
    @Nullable Boolean onboot,
    @Nullable Integer bootOrder,
    boolean disabled,
    @Nullable Integer stopTimeoutSeconds,
    Limits limits,
    NetworkConfig network,
    Labels labels,
    DiskLimits disk,
    GuestAccess access,
    List<BindMount> bindMounts,
    Map<String, String> extra,
    boolean wantsRunning,
    Instant created) {
  public Container {
    bindMounts = List.copyOf(bindMounts);
    extra = Map.copyOf(extra);
  }

  /**
   * What every container has; the rest is as a new, unlimited container has it.
   *
   * @param ids {@link IdRange#PRIVILEGED} for none of its own
   */
  public static ContainerBuilder of(
      Ctid ctid, UUID uuid, String template, int generation, IdRange ids, Instant created) {
    return new ContainerBuilder(ctid, uuid, template, generation, ids, created);
  }

  /** What names and hardware addresses of its interfaces follow from. */
  InterfaceIdentity identity() {
    return new InterfaceIdentity(ctid, uuid);
  }

  /** A copy that differs in what is set on the builder. */
  public ContainerBuilder edit() {
    return new ContainerBuilder(this);
  }

  /** This container with another id range. */
  public Container withIds(IdRange range) {
    return edit().ids(range).build();
  }

  /** This container on another generation of its template. */
  public Container withGeneration(int number) {
    return edit().generation(number).build();
  }

  /**
   * This container with one more key of its configuration, or one less.
   *
   * @param value null takes the key away
   */
  public Container withExtra(String key, @Nullable String value) {
    Map<String, String> keys = new HashMap<>(extra);
    if (value == null) {
      keys.remove(key);
    } else {
      keys.put(key, value);
    }
    return edit().extra(keys).build();
  }

  Container withWantsRunning(boolean wanted) {
    return edit().wantsRunning(wanted).build();
  }
}
