package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ConfFile;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkConfig;

/**
 * What a running container's network is now, saved or not, in a file of its run directory: a later
 * daemon takes it over from there. Written before the kernel is changed, with what was before until
 * the change is complete.
 *
 * @param before parts of which may still be there; null if the change is complete
 */
record NetworkRecord(UUID uuid, NetworkConfig config, @Nullable NetworkConfig before) {
  private static final String FILE = "network";
  private static final String BEFORE = "BEFORE_";
  private static final String CHANGING = "CHANGING";

  NetworkRecord(UUID uuid, NetworkConfig config) {
    this(uuid, config, null);
  }

  /** The same while a change to it is not complete. */
  NetworkRecord after(NetworkConfig earlier) {
    return new NetworkRecord(uuid, config, earlier);
  }

  static Optional<NetworkRecord> read(Path runDirectory) {
    try {
      ConfFile file = ConfFile.read(runDirectory.resolve(FILE));
      return file.get("UUID")
          .map(uuid ->
              new NetworkRecord(
                  UUID.fromString(uuid),
                  NetworkConfig.read(file::get),
                  file.get(CHANGING).isPresent()
                      ? NetworkConfig.read(key -> file.get(BEFORE + key))
                      : null));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LaminaException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void write(Path runDirectory) {
    ConfFile file = ConfFile.EMPTY.with("UUID", uuid.toString());
    for (var entry : config.toKeys().entrySet()) {
      file = file.with(entry.getKey(), entry.getValue());
    }
    if (before != null) {
      file = file.with(CHANGING, "yes");
      for (var entry : before.toKeys().entrySet()) {
        file = file.with(BEFORE + entry.getKey(), entry.getValue());
      }
    }
    try {
      file.write(runDirectory.resolve(FILE), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path runDirectory) {
    try {
      Files.deleteIfExists(runDirectory.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
