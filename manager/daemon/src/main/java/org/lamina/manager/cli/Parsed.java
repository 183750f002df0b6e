package org.lamina.manager.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * A command line after {@link OptionTable#parse}.
 *
 * @param values option values by the option's first name; switches map to the empty string
 * @param lists all values of each option, in order
 * @param operands the rest, in order
 * @param notices what the operator should know about accepted options
 */
public record Parsed(
    Map<String, String> values,
    Map<String, List<String>> lists,
    List<String> operands,
    List<String> notices) {
  public Parsed {
    values = new LinkedHashMap<>(values);
    lists = new LinkedHashMap<>(lists);
    operands = List.copyOf(operands);
    notices = List.copyOf(notices);
  }

  public boolean has(String option) {
    return values.containsKey(option);
  }

  public @Nullable String get(String option) {
    return values.get(option);
  }

  /** All values of a repeatable option, in order; empty if it was not given. */
  public List<String> all(String option) {
    return lists.getOrDefault(option, List.of());
  }

  public Set<String> given() {
    return values.keySet();
  }

  /**
   * The CTID or name a vzctl command works on.
   *
   * @throws LaminaException BAD_PARAMETER if there is none
   */
  public String container(String command) {
    if (operands.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          command + ": no CTID is given",
          "Write: " + command + " CTID; vzlist -a shows the containers.");
    }
    return operands.getFirst();
  }

  /**
   * @throws LaminaException USAGE if there are more than {@code most} operands
   */
  public Parsed atMost(int most, String command) {
    if (operands.size() > most) {
      throw new LaminaException(
          ExitCode.USAGE,
          command + ": unexpected argument " + Printable.shorten(operands.get(most), 40),
          "See: " + command + " --help");
    }
    return this;
  }
}
