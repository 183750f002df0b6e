package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What layers show together, read without mounting them: whiteouts and opaque directories count as
 * they do for the kernel. Links are never followed. Paths are relative, such as {@code etc/fstab}.
 * Thread safe while the layers do not change.
 */
public final class LayerView {
  private final List<Path> layers;

  /**
   * @param layers roots, uppermost first
   */
  public LayerView(List<Path> layers) {
    this.layers = List.copyOf(layers);
  }

  /** Where the visible object of a path lies; of a merged directory the uppermost part. */
  public Optional<Path> find(String path) throws IOException {
    return parts(path).stream().findFirst();
  }

  /** The text of a regular file of at most {@code limit} bytes, else nothing. */
  public Optional<String> read(String path, int limit) throws IOException {
    Optional<Path> file = find(path);
    if (file.isEmpty()
        || !Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)
        || Files.size(file.get()) > limit) {
      return Optional.empty();
    }
    return Optional.of(new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8));
  }

  /** The entries of a merged directory by name; empty if there is no such directory. */
  public SortedMap<String, Path> list(String path) throws IOException {
    SortedMap<String, Path> out = new TreeMap<>();
    Map<String, Boolean> decided = new HashMap<>();
    for (Path part : parts(path)) {
      if (!Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(part)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (decided.putIfAbsent(name, true) == null
              && LayerMark.of(entry) != LayerMark.WHITEOUT) {
            out.put(name, entry);
          }
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return out;
  }

  /** When the content of the visible object changed last. */
  Optional<FileTime> modified(String path) throws IOException {
    Optional<Path> file = find(path);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(Files.getLastModifiedTime(file.get(), LinkOption.NOFOLLOW_LINKS));
  }

  /** What makes up the visible object, uppermost first: one part unless it is a directory. */
  private List<Path> parts(String path) throws IOException {
    List<Path> at = layers;
    for (String name : path.split("/")) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new IOException("bad path inside layers: " + path);
      }
      List<Path> next = new ArrayList<>();
      for (Path above : at) {
        if (above(above, name, next)) {
          break;
        }
      }
      at = next;
    }
    return at;
  }

  /** Adds what a part of a directory has under a name; true if that hides what lies below. */
  private static boolean above(Path directory, String name, List<Path> out) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    Path entry = directory.resolve(name);
    LayerMark mark;
    try {
      mark = LayerMark.of(entry);
    } catch (NoSuchFileException e) {
      // this layer says nothing about the name
      return false;
    } catch (FileSystemException e) {
      throw new IOException("cannot look at " + entry, e);
    }
    return switch (mark) {
      case WHITEOUT -> true;
      case DIRECTORY -> {
        out.add(entry);
        yield false;
      }
      case OPAQUE -> {
        out.add(entry);
        yield true;
      }
      case OTHER -> {
        if (out.isEmpty()) {
          out.add(entry);
        }
        yield true;
      }
    };
  }
}
