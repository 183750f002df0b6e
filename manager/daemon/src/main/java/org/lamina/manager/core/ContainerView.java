package org.lamina.manager.core;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.Traffic;
import org.lamina.agent.Usage;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.NetworkConfig;

/**
 * A container with what the kernel says of it now.
 *
 * @param status what {@code vzlist} prints
 * @param root where its root is mounted for the host, when it is
 * @param privateArea its private area
 * @param processes processes and threads; null unless it runs
 * @param uses what it uses, read when it is asked for and once: it takes a dozen files, and most
 *     lists show none of it; empty unless it runs
 * @param startedAt null unless it runs
 * @param ready init said that booting is over
 * @param operation what is being done to it now, such as {@code starting}, or null
 * @param network null unless it runs
 * @param disk looked up when it is asked for
 */
public record ContainerView(
    Container container,
    Status status,
    Path root,
    Path privateArea,
    @Nullable Long processes,
    Supplier<Optional<Usage>> uses,
    @Nullable Instant startedAt,
    boolean ready,
    @Nullable String operation,
    @Nullable NetworkView network,
    Supplier<DiskView> disk) {

  /** One whose files lie in a plain directory, and whose usage is known. */
  public ContainerView(
      Container container,
      Status status,
      Path root,
      Path privateArea,
      @Nullable Usage usage,
      @Nullable Instant startedAt,
      boolean ready,
      @Nullable String operation,
      @Nullable NetworkView network) {
    this(
        container,
        status,
        root,
        privateArea,
        usage == null ? null : usage.processes(),
        () -> Optional.ofNullable(usage),
        startedAt,
        ready,
        operation,
        network,
        () -> new DiskView(DiskLayout.DIR, null));
  }

  /** Null unless it runs. */
  public @Nullable Usage usage() {
    return uses.get().orElse(null);
  }

  /**
   * A container's disk now.
   *
   * @param usage null where it is not counted
   */
  public record DiskView(DiskLayout layout, @Nullable DiskUsage usage) {}

  /**
   * A running container's network now.
   *
   * @param config what holds, saved or not
   * @param traffic as the container sees it; null without an address
   */
  public record NetworkView(NetworkConfig config, @Nullable Traffic traffic) {}

  public enum Status {
    RUNNING("running"),
    STOPPED("stopped"),
    MOUNTED("mounted");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** As printed in tables and JSON. */
    public String word() {
      return word;
    }
  }
}
