package org.lamina.acceptance;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a family of distributions brings to the contract of patching: a template in two generations,
 * what administrators do in its words, and questions to a system.
 */
interface PatchedFamily {
  /** Name of the template. */
  String template();

  /** Makes the template as released, and of it generation 1, from which containers are made. */
  void build(LaminaHost host);

  /** Makes generation 2: everything that the distribution has to renew. */
  void update(LaminaHost host);

  /**
   * Shell code by CTID of what each administrator did, in a stopped container; none at all if it is
   * empty. Every container of the suite is there.
   */
  Map<Integer, String> deeds();

  /** Those that run while they are moved. */
  Set<Integer> running();

  /**
   * Shell code that tells what is so in a container, as lines {@code KEY: VALUE}. Contract keys:
   * {@code audit}, {@code check} and {@code verify}, what the package manager complains about;
   * {@code package NAME}, the version and whether it is installed; {@code system}.
   */
  String facts();

  /** Shell code that installs a package and takes it away, and tells {@code install: installed}. */
  String later();

  /** A library that the update renews, another package that it renews, and one that is held. */
  String renewed();

  String follower();

  String held();

  /** Where the renewed library lies, below {@code /usr}. */
  String library();

  /** The version that {@link PatchCases#NEWER_VERSION} installed itself. */
  String newer();

  /** Packages that {@link PatchCases#OWN_PACKAGES} installed. */
  List<String> own();

  /** Packages of the template that {@link PatchCases#REMOVED} took away. */
  List<String> removed();

  /** What is named as old before the move: package and the beginning of its version. */
  List<String> outdated();

  /** How {@link PatchCases#HELD} is told that it holds a package, and what would end that. */
  List<String> holding();

  /** The same of {@link PatchCases#HELD_AGAINST_NEEDS}. */
  List<String> holdingAgainstNeeds();

  /** The user that the update makes. */
  String newUser();

  /** A directory with a file {@code file} whose content names the generation. */
  String place();

  /**
   * Shell code that makes the package manager work until something is written to {@code /tmp/go},
   * as unit {@code slow}; {@code /tmp/begun} is there once it does.
   */
  String slow();

  /** Shell code that tells the version, 1, of what {@link #slow} installed. */
  String slowVersion();

  /** A service that runs old code after the move. */
  String oldService();
}
