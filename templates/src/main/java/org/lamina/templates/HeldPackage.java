package org.lamina.templates;

/**
 * A package that an update left as it was although there is a newer version.
 *
 * @param installed version in the generation
 * @param available newest version that the archive has
 * @param security whether the archive has a security update for it
 * @param reason one clause
 */
public record HeldPackage(
    String name, String installed, String available, boolean security, String reason) {}
