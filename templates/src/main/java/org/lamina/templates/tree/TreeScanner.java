package org.lamina.templates.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Describes a whole tree; content is hashed by as many threads as there are processors. */
public final class TreeScanner {
  private static final int BUFFER = 128 * 1024;

  private TreeScanner() {}

  /**
   * @param root a tree that does not change meanwhile
   * @param owners path to package
   * @return every object below the root and the root itself ({@code /}), sorted by path
   * @throws InterruptedException with all workers ended
   */
  public static List<ManifestEntry> scan(Path root, Map<String, String> owners)
      throws IOException, InterruptedException {
    List<Path> all = list(root);
    int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    List<ManifestEntry> out = new ArrayList<>(all.size());
    int skip = PathText.bytes(root).length;
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("manifest-", 0).factory())) {
      List<Future<List<ManifestEntry>>> parts = new ArrayList<>();
      try {
        for (int from = 0; from < all.size(); from += 200) {
          List<Path> part = all.subList(from, Math.min(all.size(), from + 200));
          parts.add(pool.submit(() -> describe(part, skip, owners)));
        }
        for (Future<List<ManifestEntry>> part : parts) {
          out.addAll(part.get());
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io
            ? new IOException(io.getMessage(), io)
            : new IOException("cannot describe " + root, e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
    out.sort(Comparator.comparing(ManifestEntry::path));
    return out;
  }

  private static List<Path> list(Path root) throws IOException {
    List<Path> all = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            all.add(dir);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            all.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    return all;
  }

  private static List<ManifestEntry> describe(
      List<Path> paths, int skip, Map<String, String> owners) throws IOException {
    List<ManifestEntry> out = new ArrayList<>(paths.size());
    byte[] buffer = new byte[BUFFER];
    for (Path path : paths) {
      out.add(describe(path, skip, owners, buffer));
    }
    return out;
  }

  private static ManifestEntry describe(
      Path path, int skip, Map<String, String> owners, byte[] buffer) throws IOException {
    byte[] bytes = PathText.bytes(path);
    byte[] inside =
        bytes.length == skip
            ? new byte[] {'/'}
            : java.util.Arrays.copyOfRange(bytes, skip, bytes.length);
    String text = PathText.of(inside);
    Map<String, Object> attributes =
        Files.readAttributes(
            path, "unix:mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    int mode = number(attributes, "mode");
    String type = type(mode);
    boolean regular = type.equals("file");
    SortedMap<String, String> xattrs = NativeFiles.attributes(bytes);
    xattrs.keySet().removeIf(LayerMark::isInternal);
    return new ManifestEntry(
        text,
        type,
        String.format(Locale.ROOT, "%04o", mode & 07777),
        number(attributes, "uid"),
        number(attributes, "gid"),
        regular ? (Long) Objects.requireNonNull(attributes.get("size")) : null,
        regular ? hash(path, buffer) : null,
        type.equals("symlink") ? PathText.of(NativeFiles.linkTarget(bytes)) : null,
        xattrs.isEmpty() ? null : xattrs,
        type.equals("directory") ? null : owners.get(text),
        PathText.isText(inside) ? null : Boolean.TRUE,
        regular ? seconds(attributes) : null);
  }

  private static long seconds(Map<String, Object> attributes) {
    return ((FileTime) Objects.requireNonNull(attributes.get("lastModifiedTime")))
        .to(TimeUnit.SECONDS);
  }

  private static int number(Map<String, Object> attributes, String name) {
    return (Integer) Objects.requireNonNull(attributes.get(name));
  }

  private static String type(int mode) {
    return switch (mode >> 12 & 017) {
      case 001 -> "fifo";
      case 002 -> "char";
      case 004 -> "directory";
      case 006 -> "block";
      case 010 -> "file";
      case 012 -> "symlink";
      default -> "socket";
    };
  }

  private static String hash(Path path, byte[] buffer) throws IOException {
    try (InputStream in =
        Files.newInputStream(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
