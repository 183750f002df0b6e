package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that still runs code of files that were exchanged.
 *
 * @param pid as the host sees it
 * @param name at most 15 characters
 * @param unit systemd unit of the system it belongs to; {@link #INIT} for init alone, of whatever
 *     kind; null where there is none, as for commands run from outside
 * @param files some of the old files, as the container knows them
 */
public record StaleProcess(int pid, String name, @Nullable String unit, List<String> files) {
  /** Systemd's name for the unit of process 1. */
  static final String INIT = "init.scope";

  public StaleProcess {
    files = List.copyOf(files);
  }
}
