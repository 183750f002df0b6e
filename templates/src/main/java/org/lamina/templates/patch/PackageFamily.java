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
   * Files in a container that whoever applies a plan must hold write locks on, as of fcntl(2), in
   * this order, so that neither packages nor accounts change meanwhile. One that is not there need
   * not be locked.
   */
  List<String> locks();

  /**
   * Looks at one container.
   *
   * @throws IOException if its delta cannot be read
   */
  View view(Ctid ctid, DeltaTree delta, DeltaContent content) throws IOException;

  /**
   * One container as its package manager has it. Plans are made again under the locks before they
   * are applied.
   */
  interface View {
    /**
     * Whether every changed path is treated as its role says, because the container keeps no
     * package in a version of its own, diverted no file and set no owner or mode.
     */
    boolean ordinary();

    Treatment treatment(PathChange change);

    /** Where a package's file lies instead, if the container diverted it. */
    Optional<String> diverted(String path, @Nullable String owner);

    /**
     * A command that ends a diversion, to be run by the operator; only asked for diverted paths.
     */
    String undivert(String path);

    /** Owner and mode that the container set for a path of a package, if it did. */
    Optional<Attributes> override(String path);

    /**
     * The container's table with the template's changes; only asked for {@link
     * Treatment.Kind#MERGE}. In texts each character is a byte.
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

    /** What becomes of a configuration file; only asked for {@link Treatment.Kind#CONFIG}. */
    ConfigRule configuration(String path);

    /** What becomes of the package database as a whole. */
    PackageDatabase database();

    /** Files without which nothing works any worse: manuals, translations. */
    boolean isDocumentation(String path);

    /** Packages that are installed in a version older than the new generation's. */
    List<Outdated> outdated();

    /** Whether the container upgraded, removed or holds packages that the update changes. */
    boolean diverged();

    List<Remaining> remaining();

    /** What a person must decide before the container can be moved. */
    List<Remaining> blockers();

    List<String> notes();
  }
}
