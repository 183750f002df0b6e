package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/**
 * What becomes of the package database of a container that has one of its own. The files of a
 * database belong together, so a family settles them as a whole and not path by path.
 *
 * @param settled files that are not treated path by path, whatever the template has in their place
 * @param made those of them that get new content
 * @param maker makes that content
 * @param gone files of the container's database that the new one does not have
 */
public record PackageDatabase(
    Set<String> settled, Set<String> made, Maker maker, Set<String> gone) {
  /** The container's database is the template's, and follows it path by path. */
  public static final PackageDatabase FOLLOWS =
      new PackageDatabase(Set.of(), Set.of(), PackageDatabase::never, Set.of());

  private static Made never() throws IOException {
    throw new IOException("a database that nothing is done to was asked for");
  }

  /** The container's database stays as it is. */
  public static PackageDatabase stays(Set<String> files) {
    return new PackageDatabase(files, Set.of(), PackageDatabase::never, Set.of());
  }

  /** These files are made anew. */
  public static PackageDatabase made(Set<String> files, Maker maker, Set<String> gone) {
    // What goes must still be there when the maker reads it, so no path of it is pruned before.
    Set<String> settled = new HashSet<>(files);
    settled.addAll(gone);
    return new PackageDatabase(settled, files, maker, gone);
  }

  /** The template's files take its place, path by path. */
  public static PackageDatabase taken(Set<String> gone) {
    return new PackageDatabase(Set.of(), Set.of(), PackageDatabase::never, gone);
  }

  public PackageDatabase {
    settled = Set.copyOf(settled);
    made = Set.copyOf(made);
    gone = Set.copyOf(gone);
  }

  /**
   * Makes files when they are needed, because a plan may be one of a thousand and never be carried
   * out. What it needs of the container it reads from its layers, which must not have changed since
   * the plan was made. Thread safe.
   */
  @FunctionalInterface
  public interface Maker {
    /**
     * @throws IOException if they cannot be made; nothing is left then
     */
    Made make() throws IOException;
  }

  /** Files that were made, until they are closed. */
  public interface Made extends AutoCloseable {
    /**
     * @param path one of {@link PackageDatabase#made}
     */
    InputStream open(String path) throws IOException;

    @Override
    void close() throws IOException;
  }
}
