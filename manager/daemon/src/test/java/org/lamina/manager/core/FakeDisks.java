package org.lamina.manager.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.agent.ContainerDisks;
import org.lamina.agent.DiskUsage;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.IdRange;

/** Disks that can be limited and that remember what was asked. */
public final class FakeDisks implements ContainerDisks {
  /** Limits that were put on areas, by the last part of their path. */
  final List<String> held = Collections.synchronizedList(new ArrayList<>());

  volatile DiskLayout layout = DiskLayout.QUOTA;
  volatile RuntimeException failure;

  @Override
  public DiskLayout layout(Path area) {
    return layout;
  }

  @Override
  public Choice choice(Path parent) {
    return new Choice(layout, "the test says so");
  }

  @Override
  public List<String> create(Path area, DiskLimits limits, IdRange ids) {
    try {
      Files.createDirectories(area.resolve("delta"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of();
  }

  @Override
  public void attach(Path area) {}

  @Override
  public boolean attached(Path area) {
    return false;
  }

  @Override
  public void detach(Path area) {}

  @Override
  public void settle(Path area) {}

  @Override
  public List<String> hold(
      Path area, DiskLimits limits, IdRange ids, boolean inUse, Consumer<String> say) {
    if (failure != null) {
      throw failure;
    }
    if (!limits.equals(DiskLimits.NONE)) {
      held.add(area.getFileName() + " " + limits.space());
    }
    return List.of();
  }

  @Override
  public Headroom headroom(Path area, DiskLimits limits) {
    return () -> {};
  }

  @Override
  public Optional<DiskUsage> usage(Path area) {
    return Optional.empty();
  }

  @Override
  public void discard(Path area) {}
}
