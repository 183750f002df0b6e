package org.lamina.templates.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do to a container on its way to the new generation. Steps may be done again after a
 * crash: done twice is done once.
 */
public sealed interface Step {
  /** The path that changes, so that whoever applies the step can save it for an undo. */
  String path();

  /**
   * Removes what the container's layers hold at the path and below, in every layer, so that the
   * template's shows. Only while nothing is mounted on the layers.
   */
  record Prune(String path) implements Step {}

  /**
   * Puts the new generation's object into the container, replacing what is there.
   *
   * @param source path in the generation
   * @param attributes null for the generation's own
   */
  record Put(String path, String source, @Nullable Attributes attributes) implements Step {}

  /** Puts the old generation's object, for a package that the container keeps as it was. */
  record PutOld(String path) implements Step {}

  /** Replaces the content of a regular file; owner and mode stay. */
  record Write(String path, String content) implements Step {}

  /** Replaces the content of a file of the package database; owner and mode stay. */
  record Make(String path, PackageDatabase.Maker maker) implements Step {}

  /** Puts a copy of what the container itself has elsewhere, with its owner and mode. */
  record Keep(String path, String source) implements Step {}

  /** Removes a file, link or empty directory; what is not empty or not there is left. */
  record Remove(String path) implements Step {}

  /** Runs a tool inside that makes the file anew; once, however many files it makes. */
  record Run(String path, List<String> command) implements Step {
    public Run {
      command = List.copyOf(command);
    }
  }
}
