package org.lamina.templates.patch;

/**
 * How a family's package manager treats one configuration file that was edited or deleted inside.
 *
 * @param newAside where the new version goes if the edited one stays
 * @param ownAside where the edited one goes if it does not stay
 * @param editedStays if the update brings a new version
 * @param goneStays if the update removes the file
 * @param deletedStays whether one that was deleted inside stays deleted when there is a new version
 */
public record ConfigRule(
    String newAside,
    String ownAside,
    boolean editedStays,
    boolean goneStays,
    boolean deletedStays) {}
