package org.lamina.agent.runtime;

import static org.lamina.agent.sys.FileCalls.O_CREAT;
import static org.lamina.agent.sys.FileCalls.O_EXCL;
import static org.lamina.agent.sys.FileCalls.O_NONBLOCK;
import static org.lamina.agent.sys.FileCalls.O_PATH;
import static org.lamina.agent.sys.FileCalls.O_RDONLY;
import static org.lamina.agent.sys.FileCalls.O_WRONLY;
import static org.lamina.agent.sys.FileCalls.RESOLVE_IN_ROOT;
import static org.lamina.agent.sys.FileCalls.RESOLVE_NO_MAGICLINKS;
import static org.lamina.agent.sys.FileCalls.RESOLVE_STRICT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileCapability;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** A root file system held by a descriptor of its root directory. */
final class FdGuestRoot implements GuestRoot {
  private static final int LIMIT = 64 * 1024 * 1024;
  private static final int CHUNK = 256 * 1024;
  private static final int IN_ROOT = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

  private final Kernel kernel;
  private final Fd root;
  private final int base;

  /**
   * @param root owned by this object
   * @param base host id of the container's root
   */
  FdGuestRoot(Kernel kernel, Fd root, int base) {
    this.kernel = kernel;
    this.root = root;
    this.base = base;
  }

  /** A path's directory, opened, and its last component. */
  private record Place(Fd directory, String name) implements AutoCloseable {
    @Override
    public void close() {
      directory.close();
    }
  }

  private Place place(String path) {
    String clean = path.startsWith("/") ? path.substring(1) : path;
    int slash = clean.lastIndexOf('/');
    String name = clean.substring(slash + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new LaminaException(
          ExitCode.SYSTEM, "not a path of a file: " + Printable.shorten(path, 200));
    }
    String parent = slash < 0 ? "." : clean.substring(0, slash);
    return new Place(kernel.files().openBeneath(root, parent, O_PATH, 0, IN_ROOT), name);
  }

  @Override
  public Optional<Info> info(String path) {
    try (Place place = place(path);
        Fd fd = kernel.files().locate(place.directory(), place.name(), RESOLVE_IN_ROOT)) {
      FileCalls.Stat stat = kernel.files().stat(fd);
      Type type =
          stat.isRegular()
              ? Type.FILE
              : stat.isDirectory() ? Type.DIRECTORY : stat.isSymlink() ? Type.SYMLINK : Type.OTHER;
      return Optional.of(
          new Info(
              type,
              stat.mode() & 07777,
              inside(stat.uid()),
              inside(stat.gid()),
              stat.size(),
              stat.modified()));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private int inside(int id) {
    int relative = id - base;
    return base == 0 || (relative >= 0 && relative < IdRange.SIZE) ? relative : -1;
  }

  private int outside(int id) {
    if (id < 0 || id >= IdRange.SIZE) {
      throw new LaminaException(ExitCode.SYSTEM, "a container has no id " + id);
    }
    return base + id;
  }

  @Override
  public byte[] read(String path) {
    // Not blocking and checked: a fifo or device in a file's place must not hold the daemon.
    try (Place place = place(path);
        Fd file =
            kernel
                .files()
                .openBeneath(
                    place.directory(), place.name(), O_RDONLY | O_NONBLOCK, 0, RESOLVE_STRICT)) {
      FileCalls.Stat stat = kernel.files().stat(file);
      if (!stat.isRegular() || stat.size() > LIMIT) {
        throw new LaminaException(
            ExitCode.SYSTEM,
            "/" + path + " inside is " + (stat.isRegular() ? "too long" : "no regular file"));
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream((int) stat.size());
      for (byte[] part = kernel.files().read(file, CHUNK);
          part.length > 0 && content.size() <= LIMIT;
          part = kernel.files().read(file, CHUNK)) {
        content.writeBytes(part);
      }
      return content.toByteArray();
    }
  }

  @Override
  public InputStream open(String path) {
    try (Place place = place(path);
        Fd file =
            kernel
                .files()
                .openBeneath(
                    place.directory(), place.name(), O_RDONLY | O_NONBLOCK, 0, RESOLVE_STRICT)) {
      if (!kernel.files().stat(file).isRegular()) {
        throw new LaminaException(ExitCode.SYSTEM, "/" + path + " inside is no regular file");
      }
      // What is opened through the descriptor stays open without it.
      return Files.newInputStream(Path.of(file.procPath()));
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read /" + path + " inside: " + e.getMessage(), null, e);
    }
  }

  @Override
  public String readLink(String path) {
    try (Place place = place(path)) {
      return kernel.files().readLink(place.directory(), place.name());
    }
  }

  @Override
  public List<String> list(String path) {
    String clean = path.isEmpty() ? "." : path;
    try (Fd directory = kernel.files().openBeneath(root, clean, O_RDONLY, 0, IN_ROOT);
        DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory.procPath()))) {
      List<String> names = new ArrayList<>();
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
      names.sort(null);
      return names;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return List.of();
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, byte[]> attributes(String path) {
    if (info(path).filter(i -> i.type() == Type.FILE).isEmpty()) {
      return Map.of();
    }
    try (Place place = place(path);
        Fd file =
            kernel
                .files()
                .openBeneath(
                    place.directory(), place.name(), O_RDONLY | O_NONBLOCK, 0, RESOLVE_STRICT)) {
      Map<String, byte[]> out = new TreeMap<>();
      for (String name : kernel.files().attributeNames(file)) {
        byte[] value = countsInside(name) ? kernel.files().attribute(file, name) : null;
        if (value != null) {
          out.put(name, value);
        }
      }
      return out;
    }
  }

  /** Marks of overlayfs and of the host's security modules are not the container's. */
  private static boolean countsInside(String name) {
    return name.equals(FileCapability.NAME)
        || name.startsWith("user.")
        || name.startsWith("system.posix_acl_");
  }

  @Override
  public void write(
      String path,
      InputStream content,
      int mode,
      int uid,
      int gid,
      @Nullable Instant modified,
      Map<String, byte[]> attributes) {
    try (Place place = place(path)) {
      String next = temporary();
      try (Fd file =
          kernel
              .files()
              .openBeneath(
                  place.directory(), next, O_CREAT | O_EXCL | O_WRONLY, 0600, RESOLVE_STRICT)) {
        for (byte[] part = content.readNBytes(CHUNK);
            part.length > 0;
            part = content.readNBytes(CHUNK)) {
          kernel.files().write(file, part);
        }
        // The owner first: chown(2) clears set-id bits.
        kernel.files().chown(file, outside(uid), outside(gid));
        kernel.files().chmod(file, mode);
        // After the owner, whose change takes capabilities away too.
        attributes.forEach((name, value) -> setAttribute(file, name, value));
        if (modified != null) {
          Files.setLastModifiedTime(Path.of(file.procPath()), FileTime.from(modified));
        }
        kernel.files().sync(file);
      } catch (IOException | RuntimeException e) {
        discard(place, next);
        throw e instanceof RuntimeException r
            ? r
            : new LaminaException(
                ExitCode.SYSTEM, "cannot write /" + path + " inside: " + e.getMessage(), null, e);
      }
      moveInto(place, next);
    }
  }

  private void discard(Place place, String name) {
    try {
      kernel.files().unlink(place.directory(), name);
    } catch (KernelException e) {
      // it was not made; what went wrong before is what counts
      return;
    }
  }

  private void setAttribute(Fd file, String name, byte[] value) {
    boolean capability = name.equals(FileCapability.NAME);
    kernel
        .files()
        .setAttribute(file, name, capability ? FileCapability.forRoot(value, base) : value);
  }

  @Override
  public void link(String path, String target, int uid, int gid) {
    try (Place place = place(path)) {
      String next = temporary();
      kernel.files().makeSymlink(place.directory(), next, target);
      kernel.files().chownAt(place.directory(), next, outside(uid), outside(gid));
      moveInto(place, next);
    }
  }

  private static String temporary() {
    return ".lamina-" + UUID.randomUUID();
  }

  private void moveInto(Place place, String next) {
    try {
      kernel.files().rename(place.directory(), next, place.name());
    } catch (KernelException e) {
      kernel.files().unlink(place.directory(), next);
      throw e;
    }
  }

  @Override
  public void makeDirectory(String path, int mode, int uid, int gid) {
    try (Place place = place(path)) {
      makeIfMissing(place);
      try (Fd made =
          kernel
              .files()
              .openBeneath(
                  place.directory(), place.name(), O_RDONLY | O_NONBLOCK, 0, RESOLVE_STRICT)) {
        if (!kernel.files().stat(made).isDirectory()) {
          throw new LaminaException(
              ExitCode.SYSTEM, "/" + Printable.shorten(path, 200) + " inside is no directory");
        }
        kernel.files().chown(made, outside(uid), outside(gid));
        kernel.files().chmod(made, mode);
      }
    }
  }

  private void makeIfMissing(Place place) {
    try {
      kernel.files().makeDirectory(place.directory(), place.name(), 0700);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  @Override
  public void remove(String path) {
    try (Place place = place(path)) {
      try {
        kernel.files().unlink(place.directory(), place.name());
      } catch (KernelException e) {
        if (!e.is(Errno.EISDIR) && !e.is(Errno.EPERM)) {
          throw e;
        }
        kernel.files().removeDirectory(place.directory(), place.name());
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
