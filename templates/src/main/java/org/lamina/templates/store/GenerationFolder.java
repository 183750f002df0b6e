package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.tree.LayerFold;
import org.lamina.templates.tree.TreeRemover;
import org.lamina.templates.tree.TreeSize;

/**
 * Makes a generation that nobody needs part of the one that lies on it. The joint layer is built
 * aside, and one rename of the later one's description makes it count. No layer that anybody may
 * have mounted is touched: the two old ones stay on the disk until {@link #reap}. Thread safe.
 */
public final class GenerationFolder {
  private final StoreLayout layout;
  private final StagedWork work;

  public GenerationFolder(StoreLayout layout) {
    this.layout = layout;
    this.work = new StagedWork(layout);
  }

  /**
   * Folds one generation into the next; does it again after a crash. The caller has made sure that
   * no container is on it, comes from it or goes to it.
   *
   * @throws LaminaException TEMPLATE_NOT_FOUND, LOCKED, DISK_FULL, SYSTEM; both are as they were
   *     then, or the first is not published any more and the next call goes on
   */
  public void fold(String template, int number) {
    Path gone = layout.generation(template, number);
    if (!Files.isDirectory(gone)) {
      throw StagedWork.missing(template);
    }
    work.run(
        template,
        "update",
        staged -> {
          // From here on nobody can choose it, whatever happens to the rest.
          Staging.write(layout.folding(template, number), "");
          GenerationMeta lower = GenerationMeta.read(gone, template, number);
          for (int n : layout.generations(template)) {
            GenerationMeta upper = GenerationMeta.read(layout.generation(template, n), template, n);
            if (Integer.valueOf(number).equals(upper.parent())) {
              join(template, upper, lower, staged.resolve("fs-" + n));
            }
          }
          return number;
        });
  }

  private void join(String template, GenerationMeta upper, GenerationMeta lower, Path joint)
      throws IOException, InterruptedException {
    Path directory = layout.generation(template, upper.number());
    LayerFold.fold(
        directory.resolve(upper.layerName()),
        layout.generation(template, lower.number()).resolve(lower.layerName()),
        joint,
        lower.parent() == null);
    long size = TreeSize.of(joint);
    Staging.flush(joint);
    String name = GenerationMeta.LAYER + "-" + lower.number();
    TreeRemover.remove(directory.resolve(name)); // of an attempt that was cut short
    Staging.move(joint, directory.resolve(name));
    @Nullable Integer base = lower.parent();
    upper
        .folded(
            lower,
            name,
            size,
            base == null
                ? List.of()
                : GenerationDiffs.packages(
                    GenerationMeta.read(layout.generation(template, base), template, base),
                    upper,
                    List.of(lower, upper)))
        .replace(directory);
  }

  /** Generations that are part of a later one already and still take space, ascending. */
  public List<Integer> folding(String template) {
    try {
      return layout.generations(template).stream()
          .filter(n -> Files.exists(layout.folding(template, n)))
          .toList();
    } catch (IOException e) {
      throw StagedWork.failed("cannot look at template " + template, ExitCode.SYSTEM, e);
    }
  }

  /**
   * Removes layers that no generation uses any more.
   *
   * @param oldestUser since when everything that has layers of the template mounted has them
   *     mounted: what was given up later may be among them and stays
   * @return numbers of the generations that are gone for good
   */
  public List<Integer> reap(String template, Instant oldestUser) {
    List<Integer> out = new ArrayList<>();
    try (TemplateLock _ = TemplateLock.acquire(layout.locks(), template, "being cleaned up")) {
      Instant latest = Instant.MIN;
      for (int n : layout.generations(template).reversed()) {
        Path directory = layout.generation(template, n);
        Instant written =
            Files.getLastModifiedTime(directory.resolve(GenerationMeta.FILE)).toInstant();
        // What lies below changed hands when something above it was last written.
        latest = written.isAfter(latest) ? written : latest;
        if (!oldestUser.isAfter(latest)) {
          continue;
        }
        if (Files.exists(layout.folding(template, n)) && !used(template, n)) {
          remove(template, directory);
          out.add(n);
        } else {
          removeOtherLayers(template, n, directory);
        }
      }
    } catch (IOException e) {
      throw StagedWork.failed("cannot clean up template " + template, ExitCode.SYSTEM, e);
    }
    return out.reversed();
  }

  private boolean used(String template, int number) throws IOException {
    for (int n : layout.generations(template)) {
      GenerationMeta meta = GenerationMeta.read(layout.generation(template, n), template, n);
      if (Integer.valueOf(number).equals(meta.parent())) {
        return true;
      }
    }
    return false;
  }

  private void removeOtherLayers(String template, int number, Path directory) throws IOException {
    String kept = GenerationMeta.read(directory, template, number).layerName();
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, GenerationMeta.LAYER + "*")) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().equals(kept)
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          others.add(entry);
        }
      }
    }
    for (Path other : others) {
      remove(template, other);
    }
  }

  private void remove(String template, Path what) throws IOException {
    Path staged = Staging.create(layout, template);
    Staging.move(what, staged.resolve("removed"));
    Staging.discard(staged);
  }
}
