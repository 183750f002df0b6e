package org.lamina.templates.patch;

/**
 * Something in a container that will still be old after a roll-out.
 *
 * @param what a package with its version, or a path
 * @param reason why, one clause
 * @param wayOut a command to run, or what to do first
 */
public record Remaining(String what, String reason, String wayOut) {}
