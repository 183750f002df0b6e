package org.lamina.templates;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.PackageChange;

/**
 * What is known about a generation beside its files.
 *
 * @param parent number of the generation that it lies on, null for a first build
 * @param reason what it was made for, one phrase
 * @param packages installed packages, {@code NAME} or {@code NAME:ARCHITECTURE}, to versions
 * @param changes packages that differ from the parent's, sorted by name, then architecture
 * @param held packages that the update left old, sorted by name
 * @param sources archives and suites used, without credentials
 * @param tool program that made it
 */
public record GenerationDetails(
    Generation generation,
    @Nullable Integer parent,
    String reason,
    SortedMap<String, String> packages,
    List<PackageChange> changes,
    List<HeldPackage> held,
    List<String> sources,
    String tool) {}
