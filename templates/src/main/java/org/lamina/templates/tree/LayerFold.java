package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes one layer that says what two say together. Both stay as they are: files of the new one are
 * further names of theirs, so that they stay one copy on the disk and in memory.
 */
public final class LayerFold {
  private LayerFold() {}

  /**
   * Builds the layer.
   *
   * @param lower the layer directly below {@code upper}
   * @param out does not exist; on the same file system
   * @param lowest nothing lies below {@code lower}, so that nothing needs to be hidden
   */
  public static void fold(Path upper, Path lower, Path out, boolean lowest)
      throws IOException, InterruptedException {
    copy(lower, out);
    List<Path> hiding = new ArrayList<>();
    List<Path> whiteouts = new ArrayList<>();
    List<Path> opaque = new ArrayList<>();
    Files.walkFileTree(
        upper,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Path there = out.resolve(upper.relativize(dir));
            LayerMark mark = LayerMark.of(dir);
            if (mark == LayerMark.OPAQUE) {
              opaque.add(there);
              TreeRemover.remove(there);
            } else if (exists(there) && !isDirectory(there)) {
              // What it hid below must stay hidden now that a directory takes its place.
              hiding.add(there);
              TreeRemover.remove(there);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path there = out.resolve(upper.relativize(file));
            TreeRemover.remove(there);
            if (LayerMark.of(file) == LayerMark.WHITEOUT) {
              whiteouts.add(there);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    copy(upper, out);
    for (Path directory : hiding) {
      if (!lowest) {
        LayerMark.cover(directory);
      }
    }
    if (lowest) {
      for (Path path : whiteouts) {
        Files.delete(path);
      }
      for (Path directory : opaque) {
        LayerMark.uncover(directory);
      }
    }
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** By coreutils: attributes of directories of every kind, names that are no text. */
  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "cp",
            "--archive",
            "--link",
            "--no-target-directory",
            "--",
            from.toString(),
            to.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("cannot join layers: " + (said.isEmpty() ? "cp took too long" : said));
    }
  }
}
