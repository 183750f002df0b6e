package org.lamina.templates;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.lamina.schema.CgroupVersion;

/**
 * One immutable state of a template.
 *
 * @param number 0 for the first build
 * @param directory holds {@code meta.json}, {@code manifest.jsonl.gz} and {@code fs}
 * @param layers layer roots, uppermost first; the last is a complete root file system
 * @param swappableTrees top-level directories mounted as overlays of their own
 * @param cgroups what its init is given
 * @param bytes disk space of this generation's own layer
 * @param packages installed packages
 */
public record Generation(
    String template,
    int number,
    Path directory,
    List<Path> layers,
    List<String> swappableTrees,
    CgroupVersion cgroups,
    Instant created,
    long bytes,
    int packages) {}
