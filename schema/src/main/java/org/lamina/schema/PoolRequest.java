package org.lamina.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address that is to be chosen for the operator.
 *
 * @param pool by name, or null for the first that has a free one
 * @param v6 of IPv6; of a named pool it is the pool's own family
 */
public record PoolRequest(@Nullable String pool, boolean v6) {
  /** {@code auto}, {@code auto6} or {@code auto:POOL}; empty for what is an address. */
  public static Optional<PoolRequest> parse(String text) {
    return switch (text) {
      case "auto" -> Optional.of(new PoolRequest(null, false));
      case "auto6" -> Optional.of(new PoolRequest(null, true));
      default ->
          text.startsWith("auto:")
              ? Optional.of(new PoolRequest(text.substring("auto:".length()), false))
              : Optional.empty();
    };
  }
}
