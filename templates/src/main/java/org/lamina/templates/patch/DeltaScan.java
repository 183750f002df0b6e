package org.lamina.templates.patch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lists what a container's own layers hold, without following a link. Memory grows with what
 * matters, not with what the container stores. The container may be running: what it changes
 * meanwhile may or may not be seen. Stateless.
 */
public final class DeltaScan {
  private final DeltaTree out = new DeltaTree();
  private final Interest interest;

  private DeltaScan(Interest interest) {
    this.interest = interest;
  }

  /**
   * @throws IOException if a layer cannot be read
   */
  public static DeltaTree scan(DeltaLayers layers, Interest interest) throws IOException {
    DeltaScan scan = new DeltaScan(interest);
    for (Map.Entry<String, List<Path>> tree : layers.uppers().entrySet()) {
      List<Layer> open = new ArrayList<>();
      try {
        for (Path upper : tree.getValue()) {
          @Nullable Layer layer = Layer.top(upper);
          if (layer != null) {
            open.add(layer);
          }
        }
        boolean root = tree.getKey().isEmpty();
        if (!root && open.stream().anyMatch(Layer::opaque)) {
          scan.add(tree.getKey(), DeltaEntry.Kind.OPAQUE_DIRECTORY);
        }
        // What the root's layer has at the place of another tree's overlay is never seen.
        scan.walk(open, tree.getKey(), root ? layers : null);
      } finally {
        close(open);
      }
    }
    return scan.out;
  }

  /** One directory of one layer. */
  private record Layer(SecureDirectoryStream<Path> stream, Path path, boolean opaque) {
    @SuppressWarnings("StreamResourceLeak") // the layer holds it; close(layers) ends it
    static @Nullable Layer top(Path upper) throws IOException {
      DirectoryStream<Path> stream;
      try {
        stream = Files.newDirectoryStream(upper);
      } catch (NoSuchFileException e) {
        return null;
      }
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        return new Layer(secure, upper, Beneath.isOpaque(upper));
      }
      stream.close();
      throw new IOException("this platform cannot list " + upper + " safely");
    }

    /** Null if it has gone meanwhile. */
    @Nullable Layer enter(Path name) throws IOException {
      try {
        Path child = path.resolve(name);
        return new Layer(
            stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS),
            child,
            Beneath.isOpaque(child));
      } catch (NoSuchFileException | NotDirectoryException e) {
        return null;
      }
    }

    DeltaEntry.@Nullable Kind kind(Path name) throws IOException {
      BasicFileAttributes attributes;
      try {
        attributes =
            stream
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
      } catch (NoSuchFileException e) {
        return null;
      }
      if (attributes.isRegularFile()) {
        return DeltaEntry.Kind.FILE;
      }
      if (attributes.isDirectory()) {
        return DeltaEntry.Kind.DIRECTORY;
      }
      if (attributes.isSymbolicLink()) {
        return DeltaEntry.Kind.SYMLINK;
      }
      return isWhiteout(path.resolve(name)) ? DeltaEntry.Kind.WHITEOUT : DeltaEntry.Kind.OTHER;
    }
  }

  private static boolean isWhiteout(Path path) throws IOException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) Objects.requireNonNull(attributes.get("mode"));
      return (mode & 0170000) == 0020000 && Objects.equals(attributes.get("rdev"), 0L);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * @param layers the same directory in each layer that has it, uppermost first
   * @param trees set at the very top only: names that other overlays cover
   */
  private void walk(List<Layer> layers, String raw, @Nullable DeltaLayers trees)
      throws IOException {
    Map<String, Path> names = new TreeMap<>();
    for (Layer layer : layers) {
      try {
        for (Path entry : layer.stream()) {
          String name = RawNames.of(entry.getFileName());
          String path = raw.isEmpty() ? name : raw + "/" + name;
          boolean covered = trees != null && trees.uppers().containsKey(name);
          if (!covered && interest.wants(RawNames.text(path))) {
            names.put(path, entry.getFileName());
          }
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    for (Map.Entry<String, Path> entry : names.entrySet()) {
      merge(layers, entry.getKey(), entry.getValue());
    }
  }

  /** What the stacked layers make of one name: the uppermost wins, directories join. */
  private void merge(List<Layer> layers, String raw, Path name) throws IOException {
    List<Layer> joined = new ArrayList<>();
    boolean opaque = false;
    try {
      for (Layer layer : layers) {
        DeltaEntry.@Nullable Kind kind = layer.kind(name);
        if (kind == null) {
          continue;
        }
        if (kind != DeltaEntry.Kind.DIRECTORY) {
          if (joined.isEmpty()) {
            add(raw, kind);
            return;
          }
          opaque = true;
          break;
        }
        @Nullable Layer below = layer.enter(name);
        if (below != null) {
          joined.add(below);
          opaque = below.opaque();
        }
        if (opaque) {
          break;
        }
      }
      if (!joined.isEmpty()) {
        add(raw, opaque ? DeltaEntry.Kind.OPAQUE_DIRECTORY : DeltaEntry.Kind.DIRECTORY);
        if (interest.enters(RawNames.text(raw))) {
          walk(joined, raw, null);
        }
      }
    } finally {
      close(joined);
    }
  }

  private void add(String raw, DeltaEntry.Kind kind) {
    out.add(new DeltaEntry(RawNames.text(raw), kind), raw);
  }

  private static void close(List<Layer> layers) throws IOException {
    for (Layer layer : layers) {
      layer.stream().close();
    }
  }
}
