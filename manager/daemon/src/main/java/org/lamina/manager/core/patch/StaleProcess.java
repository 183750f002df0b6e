package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that still runs code of files that were exchanged.
 *
 * @param pid as the host sees it
 * @param name at most 15 characters
 * @param unit systemd unit it belongs to, or null
 * @param files some of the old files, as the container knows them
 */
public record StaleProcess(int pid, String name, @Nullable String unit, List<String> files) {
  public StaleProcess {
    files = List.copyOf(files);
  }
}
