package org.lamina.templates.patch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * What a container's own layers hold although its generation has the same, or hide although its
 * generation has nothing there: copies that moves of the running container had to make.
 */
public final class Redundant {
  private Redundant() {}

  /**
   * Paths to take out of the layers; what the container sees is the same afterwards.
   *
   * @param candidates the only paths looked at
   * @param generation what lies below the layers
   */
  public static List<String> of(
      Collection<String> candidates, DeltaTree delta, DeltaContent content, TemplateTree generation)
      throws IOException {
    List<String> out = new ArrayList<>();
    for (String path : candidates) {
      @Nullable DeltaEntry entry = delta.at(path);
      if (entry == null || delta.hider(path) != null) {
        continue;
      }
      @Nullable ManifestEntry below = generation.find(path);
      boolean redundant =
          switch (entry.kind()) {
            case FILE, SYMLINK -> Likeness.whole(content.describe(path), below);
            case WHITEOUT -> below == null;
            case DIRECTORY, OPAQUE_DIRECTORY, OTHER -> false;
          };
      if (redundant) {
        out.add(path);
      }
    }
    return out;
  }
}
