package org.lamina.templates.patch.rpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.TemplateTree;
import org.lamina.templates.tree.TreeRemover;

/** The package databases of two generations, read when first asked for. Thread safe. */
final class Generations {
  /** What SQLite has beside a database: what was not yet written into it, and who is at work. */
  static final String LOG = "-wal";

  static final String SHARED_MEMORY = "-shm";

  /** Files of the formats that there are: SQLite, ndb, and Berkeley DB with its indexes. */
  private static final List<String> FILES =
      List.of(
          "rpmdb.sqlite",
          "Packages.db",
          "Index.db",
          "Packages",
          "Name",
          "Basenames",
          "Group",
          "Requirename",
          "Providename",
          "Conflictname",
          "Obsoletename",
          "Triggername",
          "Dirnames",
          "Installtid",
          "Sigmd5",
          "Sha1header",
          "Filetriggername",
          "Transfiletriggername",
          "Recommendname",
          "Suggestname",
          "Supplementname",
          "Enhancename");

  private final TemplateTree next;
  private final RpmTool baseTool;
  private final RpmTool nextTool;
  private final boolean same;
  private final Set<String> files;
  private @Nullable Lists lists;

  /**
   * @param special configuration files and ghosts of both, by path
   */
  record Lists(HeaderList base, HeaderList next, Map<String, RpmHeader.PackagedFile> special) {}

  /**
   * @throws IOException if the newer generation has no package database
   */
  Generations(TemplateTree base, TemplateTree next, RpmTool baseTool, RpmTool nextTool)
      throws IOException {
    this.next = next;
    this.baseTool = baseTool;
    this.nextTool = nextTool;
    this.same = base.equals(next);
    this.files = files(next);
    if (files.isEmpty()) {
      throw new IOException("the generation has no rpm database");
    }
  }

  private static Set<String> files(TemplateTree tree) {
    Set<String> out = new TreeSet<>();
    for (String directory : RpmPaths.DATABASES) {
      FILES.stream()
          .map(name -> directory + "/" + name)
          .filter(path -> tree.find(path) != null)
          .forEach(out::add);
      if (!out.isEmpty()) {
        break;
      }
    }
    return out;
  }

  RpmTool tool() {
    return nextTool;
  }

  /** As {@link RpmTool#readOwn} of the older generation. */
  List<RpmTool.Lack> readBase(Path work) throws IOException {
    return baseTool.readOwn(work);
  }

  /** Files that a database of the newer generation consists of. */
  Set<String> files() {
    return files;
  }

  /** Files beside them that are there now and must not outlive the database they belong to. */
  Set<String> transients() {
    Set<String> out = new TreeSet<>();
    for (String path : files) {
      for (String suffix : List.of(LOG, SHARED_MEMORY)) {
        if (next.find(path + suffix) != null) {
          out.add(path + suffix);
        }
      }
    }
    return out;
  }

  synchronized Lists lists() throws IOException {
    @Nullable Lists known = lists;
    if (known == null) {
      Map<String, RpmHeader.PackagedFile> special = new HashMap<>();
      HeaderList before = read(baseTool, special);
      known = new Lists(before, same ? before : read(nextTool, special), special);
      lists = known;
    }
    return known;
  }

  /** What the later one says about a file counts. */
  private static HeaderList read(RpmTool tool, Map<String, RpmHeader.PackagedFile> special)
      throws IOException {
    Path work = tool.workplace();
    try {
      var _ = tool.readOwn(work);
      return HeaderList.read(
          work.resolve("headers"),
          header ->
              header.files().stream()
                  .filter(f -> f.isConfiguration() || f.isGhost())
                  .forEach(f -> special.put(f.path(), f)));
    } finally {
      TreeRemover.remove(work);
    }
  }
}
