package org.lamina.templates.patch;

import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * One path that differs between two generations.
 *
 * @param path relative to the root, without a leading slash
 * @param before null if added
 * @param after null if removed
 */
public record PathChange(
    String path, ChangeKind kind, @Nullable ManifestEntry before, @Nullable ManifestEntry after) {}
