package org.lamina.templates.patch.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.DeltaContent;
import org.lamina.templates.patch.PackageDatabase;
import org.lamina.templates.tree.TreeRemover;

/** The package database in a container's own layers. Nothing of it is kept in memory. */
final class ContainerDatabase {
  private static final String HEADERS = "headers";

  private final Generations generations;
  private final Set<String> files;
  private final DeltaContent content;

  /**
   * @param files of the database, in the container's layers; none if it has its template's
   */
  ContainerDatabase(Generations generations, Set<String> files, DeltaContent content) {
    this.generations = generations;
    this.files = Set.copyOf(files);
    this.content = content;
  }

  /** Whether the container's is not its template's. */
  boolean isOwn() {
    return !files.isEmpty();
  }

  record Found(HeaderList list, List<RpmTool.Lack> lacks) {}

  /**
   * @throws IOException if rpm cannot read it, with what it says
   */
  Found read() throws IOException {
    Path work = generations.tool().workplace();
    try {
      List<RpmTool.Lack> lacks = export(work);
      return new Found(HeaderList.read(work.resolve(HEADERS)), lacks);
    } finally {
      TreeRemover.remove(work);
    }
  }

  private List<RpmTool.Lack> export(Path work) throws IOException {
    Path database = Files.createDirectory(work.resolve("database"));
    for (String path : files) {
      if (!path.endsWith(Generations.SHARED_MEMORY)) {
        try (@Nullable InputStream in = content.open(path)) {
          if (in != null) {
            Files.copy(in, database.resolve(path.substring(path.lastIndexOf('/') + 1)));
          }
        }
      }
    }
    return generations.tool().read(work);
  }

  /** What packages would lack in the merged database. */
  List<RpmTool.Lack> lacks(DatabaseMerge merge) throws IOException {
    Path work = generations.tool().workplace();
    try {
      return build(merge, work);
    } finally {
      TreeRemover.remove(work);
    }
  }

  /** The merged database. */
  PackageDatabase.Made make(DatabaseMerge merge) throws IOException {
    Path work = generations.tool().workplace();
    boolean done = false;
    try {
      var _ = build(merge, work);
      done = true;
      return new Made(work.resolve("made"), work);
    } finally {
      if (!done) {
        TreeRemover.remove(work);
      }
    }
  }

  private record Made(Path directory, Path work) implements PackageDatabase.Made {
    @Override
    public InputStream open(String path) throws IOException {
      return Files.newInputStream(directory.resolve(path.substring(path.lastIndexOf('/') + 1)));
    }

    @Override
    public void close() throws IOException {
      TreeRemover.remove(work);
    }
  }

  private List<RpmTool.Lack> build(DatabaseMerge merge, Path work) throws IOException {
    RpmTool tool = generations.tool();
    Path headers = work.resolve(HEADERS);
    Path mine = work.resolve("mine");
    Path next = work.resolve("next");
    var _ = tool.readOwn(work);
    Files.move(headers, next);
    if (merge.chosen().stream().anyMatch(DatabaseMerge.Chosen::mine)) {
      var _ = isOwn() ? export(work) : generations.readBase(work);
      Files.move(headers, mine);
    }
    try (FileChannel out =
        FileChannel.open(headers, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (DatabaseMerge.Chosen one : merge.chosen()) {
        append(one.mine() ? mine : next, one.what(), out);
      }
    }
    return tool.build(work);
  }

  private static void append(Path list, HeaderList.Installed what, FileChannel out)
      throws IOException {
    try (FileChannel in = FileChannel.open(list, StandardOpenOption.READ)) {
      long done = 0;
      while (done < what.length()) {
        long now = in.transferTo(what.offset() + done, what.length() - done, out);
        if (now <= 0) {
          throw new IOException("the package database changed while it was read");
        }
        done += now;
      }
    }
  }
}
