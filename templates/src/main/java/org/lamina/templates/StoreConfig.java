package org.lamina.templates;

import java.nio.file.Path;

/**
 * Where templates and what they are made from lie.
 *
 * @param storeDir directory of the published generations, on the file system of the containers
 * @param shippedDefinitions definitions that came with the package
 * @param operatorDefinitions definitions of this host; they win over shipped ones of equal name
 * @param aptSources directory with {@code sources.list} and {@code sources.list.d}
 */
public record StoreConfig(
    Path storeDir, Path shippedDefinitions, Path operatorDefinitions, Path aptSources) {

  /** With the host's own apt sources. */
  public StoreConfig(Path storeDir, Path shippedDefinitions, Path operatorDefinitions) {
    this(storeDir, shippedDefinitions, operatorDefinitions, Path.of("/etc/apt"));
  }
}
