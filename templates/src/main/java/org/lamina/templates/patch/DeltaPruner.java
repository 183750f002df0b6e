package org.lamina.templates.patch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.lamina.templates.tree.TreeRemover;

/** Takes objects out of a container's own layers while nothing is mounted on them. */
public final class DeltaPruner implements PatchExecutor.Pruner {
  private final DeltaLayers layers;

  public DeltaPruner(DeltaLayers layers) {
    this.layers = layers;
  }

  /** What is not there is fine: a run that died may have come this far before. */
  @Override
  public void prune(String path) throws IOException {
    String inside = layers.inside(path);
    if (inside.isEmpty()) {
      throw new IOException("will not prune a whole tree: " + path);
    }
    for (Path layer : layers.layersOf(path)) {
      if (leadsThroughDirectories(layer, inside)) {
        TreeRemover.remove(RawNames.resolve(layer, inside));
      }
    }
  }

  /** A link of the container on the way would lead onto the host. */
  private static boolean leadsThroughDirectories(Path layer, String inside) {
    for (int slash = inside.indexOf('/'); slash > 0; slash = inside.indexOf('/', slash + 1)) {
      if (!Files.isDirectory(
          RawNames.resolve(layer, inside.substring(0, slash)), LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
    }
    return true;
  }
}
