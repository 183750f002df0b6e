package org.lamina.templates.patch;

import java.io.IOException;
import java.util.List;

/** A family of distributions as the contract of all families sees it. */
interface Distribution {
  /**
   * An installed package.
   *
   * @param needs names of packages that it needs in its own version
   */
  record Installed(String name, String version, List<String> needs) {}

  /** The file that the package database is kept in. */
  String databasePath();

  /** The content of that file; each character is a byte. */
  String database(List<Installed> packages);

  /** Names and versions that a database tells, as words, sorted. */
  List<String> tell(String database) throws IOException;

  PackageFamily family(GenerationDiff diff, MemoryTree base, MemoryTree next) throws IOException;

  /** A database in which a package is held at its version, or that one beside other files. */
  void hold(MemoryTree delta, List<Installed> packages, String name);

  /** A database that the package manager could not read. */
  String damaged();

  /** What lies where after an edited configuration file was updated: path to content. */
  List<String> editedConfiguration(String path, String own, String offered);

  /** What lies at a deleted configuration file's place after an update; null for nothing. */
  @org.jspecify.annotations.Nullable
  String deletedConfiguration(String offered);
}
