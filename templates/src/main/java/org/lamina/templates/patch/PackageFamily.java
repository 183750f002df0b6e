package org.lamina.templates.patch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;

/**
 * What a family of distributions knows about its packages, for one step between two generations.
 * Made once per roll-out; thread safe.
 */
public interface PackageFamily {
  /** Objects whose presence in a delta matters though they may not have changed. */
  List<String> paths();

  /** Directories of which every object in a delta matters. */
  List<String> trees();

  /**
   * Looks at one container.
   *
   * @throws IOException if its delta cannot be read
   */
  View view(Ctid ctid, DeltaTree delta, DeltaContent content) throws IOException;

  /** One container as its package manager has it. */
  interface View {
    Treatment treatment(PathChange change);

    /** Where a package's file lies instead, if the container diverted it. */
    Optional<String> diverted(String path, @Nullable String owner);

    /** Owner and mode that the container set for a path of a package, if it did. */
    Optional<Attributes> override(String path);

    /**
     * The container's table with the template's changes.
     *
     * @param clashes takes what a person must decide first
     * @return nothing if the table is damaged
     */
    Optional<String> merge(
        String path, String base, String mine, String next, List<Remaining> clashes);

    /** The tool that makes a file, as words; only asked for {@link Treatment.Kind#TOOL}. */
    List<String> tool(String path);

    /** A command that brings a package's files back, to be run by the operator. */
    String repair(@Nullable String owner);

    /** What an edited configuration file's new version is called. */
    String asideName(String path);

    /** Files without which nothing works any worse: manuals, translations. */
    boolean isDocumentation(String path);

    /** Packages that are installed in a version older than the new generation's, with it. */
    List<String> outdated();

    /** Whether the container upgraded, removed or holds packages that the update changes. */
    boolean diverged();

    List<Remaining> remaining();

    /** What a person must decide before the container can be moved. */
    List<Remaining> blockers();

    List<String> notes();
  }
}
