package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a layer says about the layers below it.
 *
 * @param entries its objects without whiteouts, sorted by path
 * @param whiteouts paths that it hides
 * @param opaque directories that hide what is below them
 * @param files where each object and whiteout lies
 */
public record DiffLayer(
    List<ManifestEntry> entries,
    Set<String> whiteouts,
    Set<String> opaque,
    Map<String, Path> files) {

  /**
   * @param root the layer, which does not change meanwhile
   */
  public static DiffLayer read(Path root) throws IOException, InterruptedException {
    int skip = PathText.bytes(root).length;
    Map<String, Path> files = new HashMap<>();
    Set<String> whiteouts = new HashSet<>();
    Set<String> opaque = new HashSet<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            if (LayerMark.of(note(dir)) == LayerMark.OPAQUE) {
              opaque.add(text(dir));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isOther() && LayerMark.of(file) == LayerMark.WHITEOUT) {
              whiteouts.add(text(file));
            }
            note(file);
            return FileVisitResult.CONTINUE;
          }

          private Path note(Path path) {
            files.put(text(path), path);
            return path;
          }

          private String text(Path path) {
            byte[] bytes = PathText.bytes(path);
            return bytes.length == skip
                ? "/"
                : PathText.of(java.util.Arrays.copyOfRange(bytes, skip, bytes.length));
          }
        });
    List<ManifestEntry> entries =
        TreeScanner.scan(root, Map.of()).stream()
            .filter(e -> !whiteouts.contains(e.path()))
            .toList();
    return new DiffLayer(entries, whiteouts, opaque, files);
  }

  /** Whether it changes nothing below: no object besides its root, no whiteout. */
  public boolean saysNothing() {
    return whiteouts.isEmpty() && opaque.isEmpty() && entries.size() <= 1;
  }
}
