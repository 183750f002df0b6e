package org.lamina.manager.core;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

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
    SettingsChange asked) {
  private static final int MAX_STOP_TIMEOUT = 3600;

  /**
   * @throws LaminaException BAD_PARAMETER, BAD_HOSTNAME, NAME_FAILED
   */
  static SettingsPlan of(Container c, SettingsChange asked) {
    Limits limits = checked(asked.limits());
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
            .onboot(asked.onboot() != null ? asked.onboot() : c.onboot())
            .bootOrder(asked.bootOrder() != null ? asked.bootOrder() : c.bootOrder())
            .disabled(asked.disabled() != null ? asked.disabled() : c.disabled())
            .stopTimeoutSeconds(stopTimeout(asked.stopTimeoutSeconds(), c.stopTimeoutSeconds()))
            .limits(c.limits().with(limits))
            .labels(c.labels().with(asked.labels()))
            .build();
    return new SettingsPlan(c, after, limits, hostname, asked);
  }

  boolean isLive() {
    return !limits.equals(Limits.NONE) || hostname != null;
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
    if (option == null && asked.hostname() != null && asked.hostname().isEmpty()) {
      option = "an empty --hostname";
    }
    if (option != null) {
      throw new LaminaException(ExitCode.USAGE, option + " is only possible with --save");
    }
  }

  private static Limits checked(Limits l) {
    if (l.cpuUnits() != null
        && (l.cpuUnits() < LimitKeys.MIN_CPU_UNITS || l.cpuUnits() > LimitKeys.MAX_CPU_UNITS)) {
      throw bad(
          "CPU units "
              + l.cpuUnits()
              + " are not between "
              + LimitKeys.MIN_CPU_UNITS
              + " and "
              + LimitKeys.MAX_CPU_UNITS);
    }
    if (l.cpuPercent() != null && !(l.cpuPercent() >= 0 && l.cpuPercent() <= 1_000_000)) {
      throw bad("CPU limit " + l.cpuPercent() + " is not a percentage of one CPU");
    }
    if (l.numproc() != null && l.numproc() < 1) {
      throw bad("numproc " + l.numproc() + " is less than 1");
    }
    return new Limits(
        l.ram() == null ? null : l.ram().toPages(),
        l.swap() == null ? null : l.swap().toPages(),
        l.cpuPercent(),
        l.cpuUnits(),
        l.numproc());
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
