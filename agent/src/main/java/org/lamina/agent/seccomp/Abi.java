package org.lamina.agent.seccomp;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** A system call convention, told apart by the architecture value the kernel gives to filters. */
public enum Abi {
  X86_64(0xC000_003E, SyscallsX8664.TABLE),
  I386(0x4000_0003, SyscallsI386.TABLE),
  AARCH64(0xC000_00B7, SyscallsAarch64.TABLE);

  private final int audit;

  @SuppressWarnings("ImmutableEnumChecker") // Map.copyOf makes it so
  private final Map<String, Integer> numbers;

  Abi(int audit, String table) {
    this.audit = audit;
    Map<String, Integer> parsed = new HashMap<>();
    for (String entry : table.split(",")) {
      String[] fields = entry.strip().split(" ");
      parsed.put(fields[0], Integer.valueOf(fields[1]));
    }
    this.numbers = Map.copyOf(parsed);
  }

  /** The {@code AUDIT_ARCH_} value. */
  public int audit() {
    return audit;
  }

  /** Empty if this ABI has no such call. */
  public OptionalInt number(String syscall) {
    Integer number = numbers.get(syscall);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Every call that is known by name. */
  public Map<String, Integer> numbers() {
    return numbers;
  }
}
