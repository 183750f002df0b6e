package org.lamina.manager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.patch.Guests;
import org.lamina.manager.core.patch.StaleProcess;
import org.lamina.templates.patch.GenerationDiff;

/** Guests of a host on which nothing is patched: whoever asks is in error. */
final class FakeGuests implements Guests {
  @Override
  public Optional<PackageLock> lockPackages(RunningContainer running, List<String> locks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer run(RunningContainer running, List<String> argv, Duration patience) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer runStopped(LaunchSpec spec, List<String> argv, Duration patience) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<StaleProcess> stale(RunningContainer running, GenerationDiff diff) {
    throw new UnsupportedOperationException();
  }
}
