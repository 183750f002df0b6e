package org.lamina.manager.core;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkChange;

/**
 * What one {@code vzctl set} changes; null leaves a value as it is, the empty string clears a text.
 *
 * @param userPassword {@code user:password}; never saved and never logged
 */
public record SettingsChange(
    Limits limits,
    @Nullable String hostname,
    @Nullable String name,
    @Nullable String description,
    @Nullable Boolean onboot,
    @Nullable Integer bootOrder,
    @Nullable Boolean disabled,
    @Nullable Integer stopTimeoutSeconds,
    @Nullable String userPassword,
    ConfigChange config,
    NetworkChange network) {
  /** One that leaves the network alone. */
  public SettingsChange(
      Limits limits,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable Boolean onboot,
      @Nullable Integer bootOrder,
      @Nullable Boolean disabled,
      @Nullable Integer stopTimeoutSeconds,
      @Nullable String userPassword) {
    this(
        limits,
        hostname,
        name,
        description,
        onboot,
        bootOrder,
        disabled,
        stopTimeoutSeconds,
        userPassword,
        ConfigChange.NONE,
        NetworkChange.NONE);
  }

  /** This change with one of the configuration as a whole. */
  public SettingsChange with(ConfigChange other) {
    return new SettingsChange(
        limits,
        hostname,
        name,
        description,
        onboot,
        bootOrder,
        disabled,
        stopTimeoutSeconds,
        userPassword,
        other,
        network);
  }

  /** This change with one of the network. */
  public SettingsChange with(NetworkChange other) {
    return new SettingsChange(
        limits,
        hostname,
        name,
        description,
        onboot,
        bootOrder,
        disabled,
        stopTimeoutSeconds,
        userPassword,
        config,
        other);
  }
}
