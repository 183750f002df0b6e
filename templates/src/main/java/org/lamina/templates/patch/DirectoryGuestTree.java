package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.FileCapability;

/**
 * The root of a container in which no process lives: nothing changes between a check and its use,
 * but links of the container may lead anywhere, so every directory on the way must be a real one.
 * Not thread safe.
 */
public final class DirectoryGuestTree implements GuestTree {
  private static final String FRESH = ".lamina-new";

  private final Path root;
  private final int idBase;

  /**
   * @param idBase host id of the container's user 0
   */
  public DirectoryGuestTree(Path root, int idBase) {
    this.root = root;
    this.idBase = idBase;
  }

  @Override
  public @Nullable Stat stat(String path) throws IOException {
    Path at = root;
    for (String part : parts(path)) {
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      at = RawNames.resolve(at, part);
    }
    try {
      Map<String, Object> all =
          Files.readAttributes(at, "unix:mode,uid,gid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      int mode = number(all, "mode");
      return new Stat(
          switch (mode >> 12 & 017) {
            case 004 -> Stat.Type.DIRECTORY;
            case 010 -> Stat.Type.FILE;
            case 012 -> Stat.Type.SYMLINK;
            default -> Stat.Type.OTHER;
          },
          new Attributes(
              String.format(java.util.Locale.ROOT, "%04o", mode & 07777),
              number(all, "uid") - idBase,
              number(all, "gid") - idBase),
          ((FileTime) Objects.requireNonNull(all.get("lastModifiedTime"))).toInstant());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static int number(Map<String, Object> all, String name) {
    return (Integer) Objects.requireNonNull(all.get(name));
  }

  @Override
  public InputStream open(String path) throws IOException {
    @Nullable Stat stat = stat(path);
    if (stat == null || stat.type() != Stat.Type.FILE) {
      throw new NoSuchFileException(path);
    }
    return Files.newInputStream(RawNames.resolve(root, path));
  }

  @Override
  public void write(
      String path,
      InputStream content,
      @Nullable Attributes attributes,
      @Nullable Instant modified,
      Map<String, String> xattrs)
      throws IOException {
    @Nullable Stat there = stat(path);
    @Nullable Attributes wanted =
        attributes != null || there == null ? attributes : there.attributes();
    Path file = real(path);
    Path fresh = fresh(file);
    Files.deleteIfExists(fresh);
    Files.copy(content, fresh);
    set(fresh, wanted == null ? new Attributes("0644", 0, 0) : wanted);
    for (Map.Entry<String, String> xattr : xattrs.entrySet()) {
      byte[] value = Base64.getDecoder().decode(xattr.getValue());
      boolean capability = xattr.getKey().equals(FileCapability.NAME);
      Beneath.setAttribute(
          fresh, xattr.getKey(), capability ? FileCapability.forRoot(value, idBase) : value);
    }
    if (modified != null) {
      Files.setLastModifiedTime(fresh, FileTime.from(modified));
    }
    replace(fresh, file, there);
  }

  @Override
  public void link(String path, byte[] target, int uid, int gid) throws IOException {
    @Nullable Stat there = stat(path);
    Path file = real(path);
    Path fresh = fresh(file);
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, RawNames.of(target));
    own(fresh, uid, gid);
    replace(fresh, file, there);
  }

  /** A name of its own length, because the file's may be as long as names can be. */
  private static Path fresh(Path file) {
    return file.resolveSibling(FRESH);
  }

  private static void replace(Path fresh, Path file, @Nullable Stat there) throws IOException {
    if (there != null && there.type() == Stat.Type.DIRECTORY) {
      Files.delete(file);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void makeDirectory(String path, Attributes attributes) throws IOException {
    Path directory = real(path);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory);
    }
    set(directory, attributes);
  }

  private void set(Path path, Attributes attributes) throws IOException {
    own(path, attributes.uid(), attributes.gid());
    // After the owner, because a change of owner takes the setuid bit away.
    Files.setAttribute(path, "unix:mode", Integer.parseInt(attributes.mode(), 8));
  }

  private void own(Path path, int uid, int gid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid + idBase, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", gid + idBase, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean remove(String path) throws IOException {
    if (stat(path) == null) {
      return false;
    }
    try {
      Files.delete(real(path));
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  @Override
  public List<String> list(String path) throws IOException {
    @Nullable Stat stat = stat(path);
    List<String> out = new ArrayList<>();
    if (stat != null && stat.type() == Stat.Type.DIRECTORY) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(RawNames.resolve(root, path))) {
        entries.forEach(p -> out.add(RawNames.text(RawNames.of(p.getFileName()))));
      }
      out.sort(null);
    }
    return out;
  }

  /** A path whose parents are directories and no links. */
  private Path real(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      @Nullable Stat parent = stat(path.substring(0, slash));
      if (parent == null || parent.type() != Stat.Type.DIRECTORY) {
        throw new NotDirectoryException(path.substring(0, slash));
      }
    }
    parts(path);
    return RawNames.resolve(root, path);
  }

  private static String[] parts(String path) throws IOException {
    String[] parts = path.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IOException("bad path inside a root file system: " + path);
      }
    }
    return parts;
  }
}
