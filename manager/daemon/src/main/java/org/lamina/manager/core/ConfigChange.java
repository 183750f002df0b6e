package org.lamina.manager.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BindMount;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.GuestAccess;

/**
 * What {@code vzctl set} does with the configuration beside single settings.
 *
 * @param kept keys that are stored without being acted on, by the option that asked
 * @param applySample take the limits of this sample, under those given beside it; null for none
 * @param linkSample only name this sample as the one the container follows; null for none
 * @param resetLimits put the saved limits on the running container
 * @param bindAdd directories and files of the host to show inside
 * @param disk limits of its files, over those it has
 * @param access devices, capabilities and features, likewise
 * @param bindDelete paths inside that are shown no longer, or {@link #ALL}
 */
public record ConfigChange(
    Map<String, Kept> kept,
    @Nullable String applySample,
    @Nullable String linkSample,
    boolean resetLimits,
    List<BindMount> bindAdd,
    List<String> bindDelete,
    DiskLimits disk,
    GuestAccess access) {
  /** Stands for every bind mount in {@code bindDelete}. */
  public static final String ALL = "all";

  public static final ConfigChange NONE = new ConfigChange(Map.of(), null, null, false);

  /** Without bind mounts. */
  public ConfigChange(
      Map<String, Kept> kept,
      @Nullable String applySample,
      @Nullable String linkSample,
      boolean resetLimits) {
    this(kept, applySample, linkSample, resetLimits, List.of(), List.of());
  }

  /** Without disk limits, devices, capabilities and features. */
  public ConfigChange(
      Map<String, Kept> kept,
      @Nullable String applySample,
      @Nullable String linkSample,
      boolean resetLimits,
      List<BindMount> bindAdd,
      List<String> bindDelete) {
    this(
        kept,
        applySample,
        linkSample,
        resetLimits,
        bindAdd,
        bindDelete,
        DiskLimits.NONE,
        GuestAccess.NONE);
  }

  /** A value in normal form and the option it came from. */
  public record Kept(String option, String value) {}

  public ConfigChange {
    kept = Map.copyOf(kept);
    bindAdd = List.copyOf(bindAdd);
    bindDelete = List.copyOf(bindDelete);
  }
}
