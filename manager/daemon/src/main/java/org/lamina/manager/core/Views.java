package org.lamina.manager.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.Usage;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Reads containers: what is saved, joined with what the kernel says now. Takes no locks. */
final class Views {
  private final CoreParts parts;
  private final Locks locks;

  Views(CoreParts parts, Locks locks) {
    this.parts = parts;
    this.locks = locks;
  }

  ContainerView of(Container c) {
    return of(c, parts.runtime()::isMounted);
  }

  /** Many at once: a host with many mounts is looked at once. */
  List<ContainerView> ofAll(List<Container> all) {
    Predicate<Path> mounted = parts.runtime().mounted();
    return all.stream().map(c -> of(c, mounted)).toList();
  }

  private ContainerView of(Container c, Predicate<Path> mounted) {
    Ctid ctid = c.ctid();
    String operation = locks.holder(ctid).map(h -> doing(h.command())).orElse(null);
    Optional<RunningContainer> running = parts.runtime().running(ctid);
    if (running.isPresent()) {
      ContainerView view = runningView(c, running.get(), operation);
      if (view != null) {
        return view;
      }
    }
    ContainerView.Status status =
        mounted.test(parts.config().root(ctid))
            ? ContainerView.Status.MOUNTED
            : ContainerView.Status.STOPPED;
    return new ContainerView(
        c,
        status,
        parts.config().root(ctid),
        parts.config().privateArea(ctid),
        null,
        Optional::empty,
        null,
        false,
        operation,
        null,
        disk(c.ctid()));
  }

  private Supplier<ContainerView.DiskView> disk(Ctid ctid) {
    Path area = parts.config().privateArea(ctid);
    return () ->
        new ContainerView.DiskView(
            parts.runtime().disks().layout(area), parts.runtime().disks().usage(area).orElse(null));
  }

  /** Null if it ended while it was being looked at. */
  private @Nullable ContainerView runningView(
      Container c, RunningContainer running, @Nullable String operation) {
    try {
      return new ContainerView(
          c,
          ContainerView.Status.RUNNING,
          parts.config().root(c.ctid()),
          parts.config().privateArea(c.ctid()),
          running.processes(),
          new Once(() -> usage(c.ctid(), running)),
          running.startedAt(),
          running.ready(),
          operation,
          new ContainerView.NetworkView(running.network(), running.traffic().orElse(null)),
          disk(c.ctid()));
    } catch (LaminaException e) {
      if (parts.isRunning(c.ctid())) {
        throw e;
      }
      return null;
    }
  }

  /** Empty if it ended meanwhile. */
  private Optional<Usage> usage(Ctid ctid, RunningContainer running) {
    try {
      return Optional.of(running.usage());
    } catch (LaminaException e) {
      if (parts.isRunning(ctid)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Reads once, so that all columns of a row show the same moment. Not thread safe. */
  private static final class Once implements Supplier<Optional<Usage>> {
    private final Supplier<Optional<Usage>> reader;
    private Optional<Usage> seen = Optional.empty();
    private boolean asked;

    Once(Supplier<Optional<Usage>> reader) {
      this.reader = reader;
    }

    @Override
    public Optional<Usage> get() {
      if (!asked) {
        seen = reader.get();
        asked = true;
      }
      return seen;
    }
  }

  Optional<Container> lookup(String reference) {
    if (Ctid.looksNumeric(reference)) {
      return parts.store().find(Ctid.parse(reference));
    }
    return parts.store().findByName(reference);
  }

  Container find(String reference) {
    return lookup(reference)
        .orElseThrow(() ->
            Ctid.looksNumeric(reference)
                ? new LaminaException(
                    ExitCode.NO_CONTAINER_CONFIG,
                    "Container " + Ctid.parse(reference) + " does not exist")
                : new LaminaException(
                    ExitCode.BAD_PARAMETER, "Bad CT ID " + Printable.shorten(reference, 40)));
  }

  private static String doing(String command) {
    return switch (command) {
      case "stop" -> "stopping";
      case "set" -> "changing";
      case "watch" -> "settling";
      case "runscript" -> "running a script";
      default ->
          (command.endsWith("e") ? command.substring(0, command.length() - 1) : command) + "ing";
    };
  }
}
