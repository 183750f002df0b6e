package org.lamina.templates;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.lamina.schema.Progress;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.TemplateTree;

/**
 * The templates of this host. The directory tree is the truth. Thread safe: builds of different
 * templates run in parallel, two builds of one exclude each other (LOCKED).
 */
public interface TemplateStore {
  /** Definitions an operator can build, sorted by name, built or not. */
  List<TemplateDefinition> definitions();

  /** Definition files that cannot be used and why, sorted by name. */
  default List<DefinitionProblem> problems() {
    return List.of();
  }

  /**
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND with the near misses as hint
   */
  TemplateDefinition definition(String name);

  /** Every published template with its newest generation, sorted by name. */
  List<Generation> newest();

  /** The newest generation of a template if one is published. */
  Optional<Generation> newest(String template);

  /** One generation if it is published. */
  Optional<Generation> generation(String template, int number);

  /** Builds and publishes generation 0 by the definition alone. */
  default Generation create(String template, Progress progress) {
    return create(template, BuildOptions.NONE, progress);
  }

  /**
   * Builds and publishes generation 0. Updates of it honour the same options.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_EXISTS, TEMPLATE_NOT_FOUND, BAD_PARAMETER if
   *     the template's family has no use for an option, TEMPLATE_BUILD_FAILED, DISK_FULL, LOCKED;
   *     nothing is left behind
   */
  Generation create(String template, BuildOptions options, Progress progress);

  /** Every generation of a template, ascending by number; empty if there is no such template. */
  List<Generation> generations(String template);

  /** What is known about one generation if it is published. */
  Optional<GenerationDetails> details(String template, int number);

  /**
   * Builds and publishes a generation on the newest one by the distribution's own package manager
   * in a build container. Containers do not notice. Nothing is published by a dry run or if nothing
   * would change; both are results and no errors.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND, TEMPLATE_BUILD_FAILED,
   *     BAD_PARAMETER (a package that is held is named), DISK_FULL, LOCKED; nothing is left behind
   */
  UpdateResult update(String template, UpdateRequest request, Progress progress);

  /**
   * What differs between two generations, in either direction.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND if one of them is not published
   */
  GenerationDiff diff(String template, int from, int to);

  /**
   * What the family of a template knows about its packages, for the step between two generations.
   *
   * @param base of {@code from}
   * @param next of {@code to}
   * @throws java.io.IOException if the package database of one cannot be read
   * @throws org.lamina.schema.LaminaException SYSTEM if nothing can patch that family
   */
  PackageFamily family(
      Generation from, Generation to, GenerationDiff diff, TemplateTree base, TemplateTree next)
      throws IOException;

  /**
   * Removes one generation. The caller has made sure that no container depends on it. Its number is
   * not used again.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND, LOCKED, TEMPLATE_IN_USE if
   *     another generation lies on it or it is the only one
   */
  void removeGeneration(String template, int number);

  /**
   * Makes a generation that another one lies on part of that one, which then stands without it; it
   * is not published any more. The caller has made sure that no container is on it. Layers that may
   * be mounted are not touched.
   *
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND, LOCKED, DISK_FULL, SYSTEM
   */
  void fold(String template, int number);

  /** Generations that are part of a later one and still take space of their own, ascending. */
  List<Integer> folding(String template);

  /**
   * Frees the space of what was folded.
   *
   * @param oldestUser since when all that has layers of the template mounted has them mounted
   * @return numbers of the generations whose space is free now
   */
  List<Integer> reap(String template, Instant oldestUser);

  /** Removes every generation. The caller has made sure that no container depends on one. */
  void remove(String template);

  /** Removes what interrupted builds, updates and removals left. Called on daemon start. */
  void sweep();
}
