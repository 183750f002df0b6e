package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Measures what a tree takes on the disk. */
public final class TreeSize {
  private static final long BLOCK = 4096;

  private TreeSize() {}

  /** Bytes in blocks of 4096; a file with several names counts once. */
  public static long of(Path root) throws IOException {
    Set<Object> linked = new HashSet<>();
    long[] sum = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            sum[0] += blocks(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && !again(file, linked)) {
              sum[0] += blocks(attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sum[0];
  }

  private static boolean again(Path file, Set<Object> linked) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:nlink,ino", LinkOption.NOFOLLOW_LINKS);
    int links = (Integer) Objects.requireNonNull(attributes.get("nlink"));
    return links > 1 && !linked.add(Objects.requireNonNull(attributes.get("ino")));
  }

  private static long blocks(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }
}
