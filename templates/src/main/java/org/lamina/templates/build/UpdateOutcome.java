package org.lamina.templates.build;

import java.util.List;
import java.util.Optional;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.patch.PackageChange;

/**
 * What an updater found and did.
 *
 * @param changes packages old and new, sorted by name, then architecture: planned ones if nothing
 *     was made, else those that really changed
 * @param held packages that stay old, sorted by name
 * @param downloadBytes size of the fetched packages
 * @param made what is in the layer now; empty if it was not filled, because nothing is to be done
 *     or only the plan was asked for
 */
public record UpdateOutcome(
    List<PackageChange> changes,
    List<HeldPackage> held,
    long downloadBytes,
    Optional<BuildResult> made) {}
