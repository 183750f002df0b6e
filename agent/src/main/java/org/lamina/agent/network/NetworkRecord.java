package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.lamina.schema.ConfFile;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkConfig;

/**
 * What a running container's network is now, saved or not, in a file of its run directory: a later
 * daemon takes it over from there. Written before the kernel is changed.
 */
record NetworkRecord(UUID uuid, NetworkConfig config) {
  private static final String FILE = "network";

  static Optional<NetworkRecord> read(Path runDirectory) {
    try {
      ConfFile file = ConfFile.read(runDirectory.resolve(FILE));
      return file.get("UUID")
          .map(uuid -> new NetworkRecord(UUID.fromString(uuid), NetworkConfig.read(file::get)));
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
