package org.lamina.manager.core.patch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;

/**
 * What patching keeps with a container: keys of its configuration, so that they lie in the database
 * and in {@code ve.conf} and survive a registration on another host.
 */
public final class PatchKeys {
  /** {@code yes}: no roll-out touches the container. */
  public static final String PINNED = "LAMINA_PINNED";

  /** Generation to move to before the next start. */
  public static final String NEXT = "LAMINA_NEXT_GENERATION";

  /** Oldest generation whose files the running container may still have mounted. */
  public static final String MOUNTED = "LAMINA_MOUNTED_GENERATION";

  private PatchKeys() {}

  public static boolean pinned(Container c) {
    return "yes".equals(c.extra().get(PINNED));
  }

  /** The generation it is to have from the next start on. */
  public static Optional<Integer> next(Container c) {
    return number(c.extra().get(NEXT));
  }

  /** Set while it runs after a live exchange. */
  public static Optional<Integer> mounted(Container c) {
    return number(c.extra().get(MOUNTED));
  }

  private static Optional<Integer> number(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException e) {
      // somebody wrote it by hand; a roll-out will write it anew
      return Optional.empty();
    }
  }
}
