package org.lamina.manager.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Limits;

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
    Map<String, String> labels) {
  public SettingsChange {
    labels = Map.copyOf(labels);
  }

  /** A change that leaves the labels alone. */
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
        Map.of());
  }
}
