package org.lamina.manager.core;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;

/**
 * What a change of settings means for one container, with every value checked.
 *
 * @param limits to apply live, normalised
 * @param hostname to set live, or null
 */
record SettingsPlan(
    Container before,
    Container after,
    Limits limits,
    @Nullable String hostname,
    SettingsChange asked,
    VeConf.Sample sample) {
  private static final int MAX_STOP_TIMEOUT = 3600;

  /**
   * @param completed what networks of the host add to a container's own
   * @param sample what {@link ConfigChange#applySample} names
   * @throws LaminaException BAD_PARAMETER, BAD_HOSTNAME, NAME_FAILED, and of the network BAD_IP,
   *     BAD_NAMESERVER, BAD_SEARCHDOMAIN
   */
  static SettingsPlan of(
      Container c,
      SettingsChange asked,
      VeConf.Sample sample,
      UnaryOperator<NetworkConfig> completed) {
    ConfigChange config = asked.config();
    Limits limits = LimitRules.checked(sample.limits().with(asked.limits()));
    Map<String, String> extra = new HashMap<>(c.extra());
    extra.putAll(sample.extra());
    config.kept().forEach((key, kept) -> extra.put(key, kept.value()));
    String linked = config.applySample() != null ? config.applySample() : config.linkSample();
    String hostname = TypedTexts.hostname(asked.hostname());
    if (asked.userPassword() != null) {
      var _ = Passwords.check(asked.userPassword());
    }
    Container after =
        c.edit()
            .name(asked.name() == null ? c.name() : TypedTexts.name(asked.name()))
            .hostname(asked.hostname() == null ? c.hostname() : hostname)
            .description(
                asked.description() == null
                    ? c.description()
                    : TypedTexts.description(asked.description()))
            .onboot(first(asked.onboot(), sample.onboot(), c.onboot()))
            .bootOrder(first(asked.bootOrder(), sample.bootOrder(), c.bootOrder()))
            .disabled(asked.disabled() != null ? asked.disabled() : c.disabled())
            .stopTimeoutSeconds(
                stopTimeout(
                    asked.stopTimeoutSeconds(),
                    first(null, sample.stopTimeoutSeconds(), c.stopTimeoutSeconds())))
            .limits(LimitRules.together(c.limits().with(limits)))
            .disk(c.disk().with(sample.disk()).with(config.disk()))
            .access(c.access().with(sample.access()).with(config.access()))
            .bindMounts(BindChange.of(c, config).after())
            .sample(linked != null ? linked : c.sample())
            .network(
                changesNetwork(asked)
                    ? completed.apply(asked.network().apply(c.network(), c.identity()))
                    : c.network())
            .labels(c.labels().with(asked.labels()))
            .extra(extra)
            .build();
    return new SettingsPlan(c, after, limits, hostname, asked, sample);
  }

  private static <T> @Nullable T first(@Nullable T a, @Nullable T b, @Nullable T c) {
    return a != null ? a : b != null ? b : c;
  }

  /** Whether there is something to do to a running container. */
  boolean isLive() {
    return accessChange()
        || limitsChange()
        || hostname != null
        || changesNetwork()
        || !binds().isEmpty();
  }

  /** Whether what can be changed on a running container's devices and features changes. */
  boolean accessChange() {
    GuestAccess change = asked.config().access();
    return !change.nodes().isEmpty()
        || !change.devices().isEmpty()
        || !change.features().isEmpty()
        || !after.access().equals(before.access());
  }

  /** Whether capabilities change, which those of a running container do not. */
  boolean capabilityChange() {
    return !after.access().capabilities().equals(before.access().capabilities());
  }

  /**
   * Devices and features that are to be there after the change.
   *
   * @param now those there are
   */
  GuestAccess accessAfter(GuestAccess now) {
    return now.with(sample.access()).with(asked.config().access());
  }

  boolean diskChange() {
    return !asked.config().disk().equals(DiskLimits.NONE) || !after.disk().equals(before.disk());
  }

  BindChange binds() {
    return BindChange.of(before, asked.config());
  }

  boolean limitsChange() {
    return !limits.equals(Limits.NONE) || asked.config().resetLimits();
  }

  /**
   * All limits that are to hold after the change.
   *
   * @param now those that hold before
   */
  Limits limitsAfter(Limits now) {
    return asked.config().resetLimits() ? before.limits() : LimitRules.together(now.with(limits));
  }

  boolean changesNetwork() {
    return changesNetwork(asked);
  }

  private static boolean changesNetwork(SettingsChange asked) {
    return !asked.network().equals(NetworkChange.NONE);
  }

  boolean changes() {
    return !after.equals(before);
  }

  /**
   * @throws LaminaException for what cannot be had without saving it
   */
  void requireNothingToSave() {
    if (asked.name() != null) {
      throw new LaminaException(ExitCode.NAME_FAILED, "--name is only possible with --save");
    }
    String option =
        asked.description() != null
            ? "--description"
            : asked.onboot() != null
                ? "--onboot"
                : asked.bootOrder() != null
                    ? "--bootorder"
                    : asked.disabled() != null
                        ? "--disabled"
                        : asked.stopTimeoutSeconds() != null
                            ? "--stop-timeout"
                            : asked.labels().isEmpty() ? null : "--label";
    if (option == null && diskChange()) {
      option = "a limit of the disk";
    }
    if (option == null && capabilityChange()) {
      option = "--capability";
    }
    if (option == null && asked.config().linkSample() != null) {
      option = "--applyconfig_map";
    }
    if (option == null && asked.hostname() != null && asked.hostname().isEmpty()) {
      option = "an empty --hostname";
    }
    if (option != null) {
      throw new LaminaException(ExitCode.USAGE, option + " is only possible with --save");
    }
  }

  private static @Nullable Integer stopTimeout(@Nullable Integer asked, @Nullable Integer old) {
    if (asked == null) {
      return old;
    }
    if (asked < 0 || asked > MAX_STOP_TIMEOUT) {
      throw bad("stop timeout " + asked + " is not between 0 and " + MAX_STOP_TIMEOUT + " seconds");
    }
    return asked == 0 ? null : asked;
  }

  private static LaminaException bad(String what) {
    return new LaminaException(ExitCode.BAD_PARAMETER, what);
  }
}
