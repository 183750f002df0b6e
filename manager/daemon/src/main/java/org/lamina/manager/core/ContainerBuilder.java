package org.lamina.manager.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.Labels;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** Puts a {@link Container} together by name instead of by position. Not thread safe. */
public final class ContainerBuilder {
  private final Ctid ctid;
  private final UUID uuid;
  private @Nullable String name;
  private @Nullable String hostname;
  private @Nullable String description;
  private final String template;
  private int generation;
  private IdRange ids;
  private @Nullable String sample;
  private @Nullable Boolean onboot;
  private @Nullable Integer bootOrder;
  private boolean disabled;
  private @Nullable Integer stopTimeoutSeconds;
  private Limits limits = Limits.NONE;
  private NetworkConfig network = NetworkConfig.NONE;
  private Labels labels = Labels.NONE;
  private DiskLimits disk = DiskLimits.NONE;
  private GuestAccess access = GuestAccess.NONE;
  private List<BindMount> bindMounts = List.of();
  private Map<String, String> extra = Map.of();
  private boolean wantsRunning;
  private final Instant created;

  ContainerBuilder(
      Ctid ctid, UUID uuid, String template, int generation, IdRange ids, Instant created) {
    this.ctid = ctid;
    this.uuid = uuid;
    this.template = template;
    this.generation = generation;
    this.ids = ids;
    this.created = created;
  }

  ContainerBuilder(Container c) {
    this(c.ctid(), c.uuid(), c.template(), c.generation(), c.ids(), c.created());
    name = c.name();
    hostname = c.hostname();
    description = c.description();
    sample = c.sample();
    onboot = c.onboot();
    bootOrder = c.bootOrder();
    disabled = c.disabled();
    stopTimeoutSeconds = c.stopTimeoutSeconds();
    limits = c.limits();
    network = c.network();
    labels = c.labels();
    disk = c.disk();
    access = c.access();
    bindMounts = c.bindMounts();
    extra = c.extra();
    wantsRunning = c.wantsRunning();
  }

  public ContainerBuilder name(@Nullable String value) {
    name = value;
    return this;
  }

  public ContainerBuilder hostname(@Nullable String value) {
    hostname = value;
    return this;
  }

  public ContainerBuilder description(@Nullable String value) {
    description = value;
    return this;
  }

  public ContainerBuilder generation(int value) {
    generation = value;
    return this;
  }

  public ContainerBuilder ids(IdRange value) {
    ids = value;
    return this;
  }

  public ContainerBuilder sample(@Nullable String value) {
    sample = value;
    return this;
  }

  public ContainerBuilder onboot(@Nullable Boolean value) {
    onboot = value;
    return this;
  }

  public ContainerBuilder bootOrder(@Nullable Integer value) {
    bootOrder = value;
    return this;
  }

  public ContainerBuilder disabled(boolean value) {
    disabled = value;
    return this;
  }

  public ContainerBuilder stopTimeoutSeconds(@Nullable Integer value) {
    stopTimeoutSeconds = value;
    return this;
  }

  public ContainerBuilder limits(Limits value) {
    limits = value;
    return this;
  }

  public ContainerBuilder network(NetworkConfig value) {
    network = value;
    return this;
  }

  public ContainerBuilder labels(Labels value) {
    labels = value;
    return this;
  }

  public ContainerBuilder disk(DiskLimits value) {
    disk = value;
    return this;
  }

  public ContainerBuilder access(GuestAccess value) {
    access = value;
    return this;
  }

  public ContainerBuilder bindMounts(List<BindMount> value) {
    bindMounts = value;
    return this;
  }

  public ContainerBuilder extra(Map<String, String> value) {
    extra = value;
    return this;
  }

  public ContainerBuilder wantsRunning(boolean value) {
    wantsRunning = value;
    return this;
  }

  public Container build() {
    return new Container(
        ctid,
        uuid,
        name,
        hostname,
        description,
        template,
        generation,
        ids,
        sample,
        onboot,
        bootOrder,
        disabled,
        stopTimeoutSeconds,
        limits,
        network,
        labels,
        disk,
        access,
        bindMounts,
        extra,
        wantsRunning,
        created);
  }
}
