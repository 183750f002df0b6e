package org.lamina.manager.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkChange;

/**
 * What one {@code vzctl set} changes; null leaves a value as it is, the empty string clears a text.
 *
 * @param labels values by key, as {@code Labels.changes} reads them
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
    NetworkChange network,
    Map<String, String> labels) {
  public SettingsChange {
    labels = Map.copyOf(labels);
  }

  /** One that leaves configuration, network and labels alone. */
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
        NetworkChange.NONE,
        Map.of());
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
        network,
        labels);
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
        other,
        labels);
  }
}
