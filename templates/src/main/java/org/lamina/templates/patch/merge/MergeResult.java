package org.lamina.templates.patch.merge;

import java.util.List;
import org.lamina.templates.patch.Remaining;

/**
 * What came of merging one file.
 *
 * @param text the whole new content
 * @param clashes what a person must decide before the container can be moved
 */
public record MergeResult(String text, List<Remaining> clashes) {
  public MergeResult {
    clashes = List.copyOf(clashes);
  }

  public static MergeResult of(String text) {
    return new MergeResult(text, List.of());
  }
}
