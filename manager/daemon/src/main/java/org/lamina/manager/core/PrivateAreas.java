package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * The private areas on disk. An area appears under its CTID by one rename when it is complete and
 * leaves it by one rename before it is deleted, so a CTID's directory is whole or not there.
 *
 * <p>The parent is closed to everybody but root: the trees below hold set-user-id files of the
 * containers' users.
 */
final class PrivateAreas {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Pattern CREATING = Pattern.compile("\\.creating-([0-9]{1,10})");
  private static final Pattern DESTROYING =
      Pattern.compile("\\.destroying-([0-9]{1,10})-[0-9a-f]+");

  private final HostConfig config;
  private final Consumer<Path> discard;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param discard is called with every directory that is about to be removed
   */
  PrivateAreas(HostConfig config, Consumer<Path> discard) {
    this.config = config;
    this.discard = discard;
  }

  /** Makes the parents of private areas and roots. */
  void prepare() throws IOException {
    Files.createDirectories(config.privateDir(), OWNER_ONLY);
    Files.createDirectories(config.rootDir(), OWNER_ONLY);
  }

  boolean exists(Ctid ctid) {
    return Files.exists(config.privateArea(ctid), LinkOption.NOFOLLOW_LINKS);
  }

  Path delta(Ctid ctid) {
    return config.privateArea(ctid).resolve("delta");
  }

  /** A new empty directory in which the area is made. */
  Path stage(Ctid ctid) throws IOException {
    Path stage = staged(ctid);
    removeTree(stage);
    return Files.createDirectory(stage, OWNER_ONLY);
  }

  /** The complete stage becomes the private area; survives power loss. */
  void publish(Ctid ctid) throws IOException {
    Files.move(staged(ctid), config.privateArea(ctid), StandardCopyOption.ATOMIC_MOVE);
    Files.createDirectories(config.root(ctid), OWNER_ONLY);
    AtomicFile.syncDirectory(config.privateDir());
  }

  /** Removes the area in whatever state it is, also what an earlier attempt moved aside. */
  void remove(Ctid ctid) throws IOException {
    if (exists(ctid)) {
      byte[] bytes = new byte[8];
      random.nextBytes(bytes);
      Path aside =
          config
              .privateDir()
              .resolve(".destroying-" + ctid + "-" + HexFormat.of().formatHex(bytes));
      Files.move(config.privateArea(ctid), aside, StandardCopyOption.ATOMIC_MOVE);
    }
    removeUnfinished(ctid);
    removeRoot(ctid);
  }

  /** Removes stages and what was moved aside, and leaves the area itself. */
  void removeUnfinished(Ctid ctid) throws IOException {
    removeTree(staged(ctid));
    for (Path aside : entries(DESTROYING, ctid)) {
      removeTree(aside);
    }
  }

  private void removeTree(Path directory) throws IOException {
    discard.accept(directory);
    TreeRemover.remove(directory);
  }

  /** Only ever an empty directory: nothing mounted there is touched. */
  void removeRoot(Ctid ctid) throws IOException {
    Files.deleteIfExists(config.root(ctid));
  }

  /** Containers of which an unfinished creation or removal is on disk. */
  Set<Ctid> unfinished() throws IOException {
    Set<Ctid> found = new TreeSet<>();
    for (Path entry : all()) {
      for (Pattern form : List.of(CREATING, DESTROYING)) {
        Matcher m = form.matcher(entry.getFileName().toString());
        if (m.matches()) {
          ctid(m.group(1)).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** CTIDs with a private area that holds a {@code ve.conf} of whatever kind, ascending. */
  List<Ctid> present() throws IOException {
    return all().stream()
        .map(p -> p.getFileName().toString())
        .flatMap(name -> ctid(name).stream())
        .filter(ctid -> Files.exists(config.veConf(ctid), LinkOption.NOFOLLOW_LINKS))
        .sorted()
        .toList();
  }

  /** Writes {@code ve.conf} below the given area if it would differ; false if it was the same. */
  boolean saveConf(Container container, Path area, boolean durable) throws IOException {
    Path file = area.resolve("ve.conf");
    ConfFile old;
    try {
      old = ConfFile.read(file);
    } catch (NoSuchFileException | LaminaException e) {
      old = ConfFile.EMPTY;
    }
    ConfFile now = VeConf.render(container, old);
    if (now.equals(old)) {
      return false;
    }
    now.write(file, durable);
    return true;
  }

  boolean saveConf(Container container, boolean durable) throws IOException {
    return saveConf(container, config.privateArea(container.ctid()), durable);
  }

  /** A file error as an operator's error, with the right code for a full disk. */
  static LaminaException failed(ExitCode code, String what, IOException e) {
    String why = String.valueOf(e.getMessage());
    boolean full = why.contains("No space left on device") || why.contains("quota exceeded");
    return new LaminaException(
        full ? ExitCode.DISK_FULL : code,
        what + ": " + why,
        full ? "Free space or inodes on the file system of the state directory." : null,
        e);
  }

  /** Empty for a name that no container can have, which is somebody else's directory. */
  private static Optional<Ctid> ctid(String name) {
    try {
      return Optional.of(Ctid.parse(name)).filter(c -> c.toString().equals(name));
    } catch (LaminaException e) {
      return Optional.empty();
    }
  }

  private Path staged(Ctid ctid) {
    return config.privateDir().resolve(".creating-" + ctid);
  }

  private List<Path> entries(Pattern form, Ctid ctid) throws IOException {
    return all().stream()
        .filter(p -> {
          Matcher m = form.matcher(p.getFileName().toString());
          return m.matches() && m.group(1).equals(ctid.toString());
        })
        .toList();
  }

  private List<Path> all() throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(config.privateDir())) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
