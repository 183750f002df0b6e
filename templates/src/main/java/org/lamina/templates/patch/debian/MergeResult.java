package org.lamina.templates.patch.debian;

import java.util.List;
import org.lamina.templates.patch.Remaining;

/**
 * What came of merging one file.
 *
 * @param text the whole new content
 * @param clashes what a person must decide before the container can be moved
 */
record MergeResult(String text, List<Remaining> clashes) {
  MergeResult {
    clashes = List.copyOf(clashes);
  }

  static MergeResult of(String text) {
    return new MergeResult(text, List.of());
  }
}
