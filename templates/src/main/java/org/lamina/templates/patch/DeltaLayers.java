package org.lamina.templates.patch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where a container's own files lie: {@code root/upper}, and for each tree with an overlay of its
 * own {@code TREE/upper}, with {@code TREE/1/upper}, {@code TREE/2/upper} ... stacked on it by live
 * switches.
 *
 * @param uppers layers by tree, uppermost first; the tree of everything else is the empty text
 */
public record DeltaLayers(SortedMap<String, List<Path>> uppers) {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
  private static final String UPPER = "upper";

  /**
   * @param delta {@code private/CTID/delta}; may be missing, as of a container never started
   */
  public static DeltaLayers of(Path delta) throws IOException {
    SortedMap<String, List<Path>> out = new TreeMap<>();
    for (Path tree : directories(delta)) {
      String name = tree.getFileName().toString();
      List<Path> layers = new ArrayList<>();
      List<Path> numbered = new ArrayList<>(directories(tree));
      numbered.removeIf(p -> !NUMBER.matcher(p.getFileName().toString()).matches());
      numbered.sort(
          Comparator.comparingInt((Path p) -> Integer.parseInt(p.getFileName().toString()))
              .reversed());
      numbered.stream()
          .map(p -> p.resolve(UPPER))
          .filter(DeltaLayers::isDirectory)
          .forEach(layers::add);
      if (isDirectory(tree.resolve(UPPER))) {
        layers.add(tree.resolve(UPPER));
      }
      if (!layers.isEmpty()) {
        out.put(name.equals("root") ? "" : name, List.copyOf(layers));
      }
    }
    return new DeltaLayers(out);
  }

  /** Layers that may hold a path, uppermost first. */
  List<Path> layersOf(String path) {
    String top = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
    return uppers.getOrDefault(top, uppers.getOrDefault("", List.of()));
  }

  /** The path as it lies inside these layers; empty for the top of a tree. */
  String inside(String path) {
    String top = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
    return uppers.containsKey(top)
        ? path.substring(Math.min(path.length(), top.length() + 1))
        : path;
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> directories(Path parent) throws IOException {
    if (!isDirectory(parent)) {
      return List.of();
    }
    List<Path> out = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(parent, DeltaLayers::isDirectory)) {
      entries.forEach(out::add);
    }
    return out;
  }
}
