package org.lamina.manager.core;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.NetworkChange;

/**
 * What {@code vzctl create} was asked for; all text is as typed and is checked by the service.
 *
 * @param template null takes DEF_OSTEMPLATE of the host configuration
 * @param sample name of a {@code ve-NAME.conf-sample}; null takes CONFIGFILE if set
 * @param privileged no user namespace; an explicit choice of the operator
 * @param disk over what the sample gives
 * @param network over what the sample gives
 */
public record CreateRequest(
    Ctid ctid,
    @Nullable String template,
    @Nullable String hostname,
    @Nullable String name,
    @Nullable String description,
    @Nullable String sample,
    boolean privileged,
    NetworkChange network,
    DiskLimits disk) {
  /** One without a network of its own. */
  public CreateRequest(
      Ctid ctid,
      @Nullable String template,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable String sample,
      boolean privileged) {
    this(ctid, template, hostname, name, description, sample, privileged, NetworkChange.NONE);
  }

  /** One without limits of its disk. */
  public CreateRequest(
      Ctid ctid,
      @Nullable String template,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable String sample,
      boolean privileged,
      NetworkChange network) {
    this(ctid, template, hostname, name, description, sample, privileged, network, DiskLimits.NONE);
  }
}
