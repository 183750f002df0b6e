package org.lamina.agent.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Collects the writes of a {@link LimitPlan}: only what differs, each with what undoes it. */
final class Writes {
  /** What both versions read back for an unlimited number, whatever its unit. */
  private static final long UNLIMITED_FROM = 1L << 62;

  private final Predicate<String> onV2;
  private final Function<Knob, Optional<String>> current;
  private final List<LimitWrite> writes = new ArrayList<>();

  /**
   * @param onV2 whether a controller lives on the unified hierarchy
   * @param current what a file says now; empty if the kernel does not have it
   */
  Writes(Predicate<String> onV2, Function<Knob, Optional<String>> current) {
    this.onV2 = onV2;
    this.current = current;
  }

  boolean onV2(String controller) {
    return onV2.test(controller);
  }

  Optional<String> now(String controller, String file) {
    return current.apply(new Knob(controller, file));
  }

  List<LimitWrite> all() {
    return List.copyOf(writes);
  }

  void set(String controller, String file, String value, boolean free, LimitOption option) {
    set(controller, file, value, free, option, before -> before);
  }

  /**
   * A file that says already what is wanted is not written. A file that is missing is an error only
   * if a limit is wanted that needs it.
   *
   * @param free the value is what the kernel gives without limits
   * @param writable what to write so that the file says again what it says now
   * @throws LaminaException NO_KERNEL_SUPPORT
   */
  void set(
      String controller,
      String file,
      String value,
      boolean free,
      LimitOption option,
      UnaryOperator<String> writable) {
    Optional<String> before = now(controller, file).map(writable);
    if (before.isEmpty()) {
      if (free) {
        return;
      }
      throw unsupported(
          option,
          "this kernel has no " + file.substring(file.lastIndexOf('/') + 1),
          option == LimitOption.SWAP
              ? "Boot the host with swapaccount=1, or leave --swap out."
              : "The " + controller + " controller is switched off or not built in.");
    }
    if (!same(before.get(), value)) {
      add(new Knob(controller, file), before.get(), value, option);
    }
  }

  void add(Knob knob, String before, String value, LimitOption option) {
    writes.add(new LimitWrite(knob, before, value, option));
  }

  static LaminaException unsupported(LimitOption option, String why, String hint) {
    return new LaminaException(
        ExitCode.NO_KERNEL_SUPPORT, "cannot set " + option.text() + ": " + why, hint);
  }

  private static boolean same(String before, String value) {
    return before.equals(value) || (value.equals("-1") && number(before) == Long.MAX_VALUE);
  }

  /** A number as either version shows it; {@link Long#MAX_VALUE} if it stands for no limit. */
  static long number(String text) {
    if (text.equals("max")) {
      return Long.MAX_VALUE;
    }
    try {
      long number = Long.parseLong(text);
      return number < 0 || number >= UNLIMITED_FROM ? Long.MAX_VALUE : number;
    } catch (NumberFormatException e) {
      // v1 shows an unlimited number of bytes as a value that may not fit.
      return Long.MAX_VALUE;
    }
  }

  static boolean unlimited(long number) {
    return number >= UNLIMITED_FROM;
  }

  static String v1(long number) {
    return unlimited(number) ? "-1" : Long.toString(number);
  }

  static String v2(long number) {
    return unlimited(number) ? "max" : Long.toString(number);
  }

  static String clamp(long number, long low, long high) {
    return Long.toString(Math.clamp(number, low, high));
  }
}
