package org.lamina.manager.core;

import java.util.Set;
import java.util.function.Predicate;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/**
 * Where id ranges of new containers are taken from.
 *
 * @param firstBase lowest base, a multiple of 65536
 * @param usable false for ranges the host gave to somebody else
 */
public record IdPool(int firstBase, Predicate<IdRange> usable) {
  /** Ids from here on are negative for programs that keep them in 32 signed bits. */
  private static final int LAST_BASE = Integer.MAX_VALUE - 2 * IdRange.SIZE + 1;

  public IdPool {
    if (firstBase < IdRange.SIZE || firstBase % IdRange.SIZE != 0) {
      throw new LaminaException(
          ExitCode.BAD_CONFIG,
          "LOCAL_UID " + firstBase + " is not a positive multiple of " + IdRange.SIZE);
    }
  }

  /**
   * The lowest range that is neither taken nor unusable.
   *
   * @throws LaminaException NO_RESOURCES when every range is taken
   */
  public IdRange choose(Set<Integer> takenBases) {
    for (int base = firstBase; base <= LAST_BASE; base += IdRange.SIZE) {
      if (!takenBases.contains(base) && usable.test(new IdRange(base))) {
        return new IdRange(base);
      }
    }
    throw new LaminaException(
        ExitCode.NO_RESOURCES,
        "no free range of " + IdRange.SIZE + " user ids from " + firstBase + " upwards");
  }
}
