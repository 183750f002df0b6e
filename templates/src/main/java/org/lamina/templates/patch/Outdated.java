package org.lamina.templates.patch;

/**
 * A package that a container has in an older version than a generation.
 *
 * @param version the container's
 * @param wayOut a command that upgrades it
 */
public record Outdated(String name, String version, String wayOut) {
  /** As reports name it. */
  public String what() {
    return name + " " + version;
  }
}
