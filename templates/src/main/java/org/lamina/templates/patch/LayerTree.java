package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.Generation;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/** A generation as its manifest and its layers tell it. */
public final class LayerTree implements TemplateTree {
  private final List<Path> layers;
  private final Map<String, ManifestEntry> entries;

  /**
   * @param layers uppermost first
   * @param manifest of the whole generation, paths with a leading slash
   */
  public LayerTree(List<Path> layers, List<ManifestEntry> manifest) {
    this.layers = List.copyOf(layers);
    this.entries = HashMap.newHashMap(manifest.size());
    manifest.forEach(e -> entries.put(e.path().substring(1), e));
  }

  /** Reads the manifest of a published generation. */
  public static LayerTree of(Generation generation) throws IOException {
    return new LayerTree(
        generation.layers(),
        ManifestFile.read(generation.directory().resolve("manifest.jsonl.gz")));
  }

  @Override
  public @Nullable ManifestEntry find(String path) {
    return entries.get(path);
  }

  @Override
  public InputStream open(String path) throws IOException {
    return at(path, Files::newInputStream);
  }

  @Override
  public Instant modified(String path) throws IOException {
    return at(path, Files::getLastModifiedTime).toInstant();
  }

  private interface Look<T> {
    T at(Path file) throws IOException;
  }

  private <T> T at(String path, Look<T> look) throws IOException {
    @Nullable ManifestEntry entry = entries.get(path);
    if (entry != null && entry.type().equals("file")) {
      byte[] raw = RawNames.bytes(entry.path().substring(1), entry.escaped() != null);
      // What the manifest lists is there, so the first layer that has the path has the right one.
      for (Path layer : layers) {
        try (Beneath.@Nullable Handle handle = Beneath.open(layer, raw)) {
          if (handle != null && Files.isRegularFile(handle.path())) {
            return look.at(handle.path());
          }
        }
      }
    }
    throw new NoSuchFileException(path);
  }
}
