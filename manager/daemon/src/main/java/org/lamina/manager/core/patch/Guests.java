package org.lamina.manager.core.patch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.templates.patch.GenerationDiff;

/** What patching does inside containers beside files. Thread safe. */
public interface Guests {
  /** Keeps the package manager inside from starting until it is closed. */
  interface PackageLock extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param code exit code, or -1 if it did not end in time and was killed
   * @param text beginning of its output
   */
  record Answer(int code, String text) {}

  /**
   * Empty if somebody inside is working with packages or accounts now.
   *
   * @param locks files inside, see {@link Mover.Route#locks}
   */
  Optional<PackageLock> lockPackages(RunningContainer running, List<String> locks);

  Answer run(RunningContainer running, List<String> argv, Duration patience);

  /** Runs a command in a stopped container that is not mounted. */
  Answer runStopped(LaunchSpec spec, List<String> argv, Duration patience);

  /** Processes that still run code of what the two generations have different. */
  List<StaleProcess> stale(RunningContainer running, GenerationDiff diff);
}
