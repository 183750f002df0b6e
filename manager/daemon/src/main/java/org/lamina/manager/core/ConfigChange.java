package org.lamina.manager.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code vzctl set} does with the configuration beside single settings.
 *
 * @param kept keys that are stored without being acted on, by the option that asked
 * @param applySample take the limits of this sample, under those given beside it; null for none
 * @param linkSample only name this sample as the one the container follows; null for none
 * @param resetLimits put the saved limits on the running container
 */
public record ConfigChange(
    Map<String, Kept> kept,
    @Nullable String applySample,
    @Nullable String linkSample,
    boolean resetLimits) {
  public static final ConfigChange NONE = new ConfigChange(Map.of(), null, null, false);

  /** A value in normal form and the option it came from. */
  public record Kept(String option, String value) {}

  public ConfigChange {
    kept = Map.copyOf(kept);
  }
}
