package org.lamina.templates.patch;

import org.jspecify.annotations.Nullable;

/**
 * One package whose version differs between two generations.
 *
 * @param architecture of the package, {@code all} included
 * @param from null if the package is new
 * @param to null if the package is gone
 * @param security whether the new version came from an archive of security updates
 */
public record PackageChange(
    String name,
    String architecture,
    @Nullable String from,
    @Nullable String to,
    boolean security) {}
