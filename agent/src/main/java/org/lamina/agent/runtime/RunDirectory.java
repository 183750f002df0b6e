package org.lamina.agent.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExitCause;
import org.lamina.agent.mount.RootAssembler.Workplace;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;

/**
 * The run directory of one container: what a later daemon needs to find it again. Only the daemon
 * and the waiter write here; the container sees {@code host} alone, read-only.
 */
record RunDirectory(Path path) {
  static final ExitCause KILLED = new ExitCause(ExitCause.Kind.KILLED, 128 + ProcessCalls.SIGKILL);

  static RunDirectory of(Path runDir, Ctid ctid) {
    return new RunDirectory(runDir.resolve("ct").resolve(ctid.toString()));
  }

  /** Containers that have a run directory. */
  static Set<Ctid> all(Path runDir) {
    Set<Ctid> found = new TreeSet<>();
    try (var entries = Files.newDirectoryStream(runDir.resolve("ct"))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (Ctid.looksNumeric(name)) {
          found.add(Ctid.parse(name));
        }
      }
    } catch (NoSuchFileException e) {
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  Path hostDirectory() {
    return path.resolve("host");
  }

  Path notifySocket() {
    return hostDirectory().resolve("notify");
  }

  Path exitFile() {
    return path.resolve("exit");
  }

  Path readyFile() {
    return path.resolve("ready");
  }

  Path launchLog() {
    return path.resolve("launch.log");
  }

  private Path limitsFile() {
    return path.resolve("limits");
  }

  private Path accessFile() {
    return path.resolve("access");
  }

  private Path stateFile() {
    return path.resolve("state");
  }

  Workplace workplace() {
    return new Workplace(
        path.resolve("stage"),
        path.resolve("proc"),
        hostDirectory(),
        path.resolve("mask"),
        path.resolve("empty"),
        path.resolve("boot_id"));
  }

  /** Makes everything a launch needs; whatever an earlier run left is removed first. */
  void prepare(UUID uuid) {
    remove();
    try {
      var owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
      Files.createDirectories(path.getParent(), owner);
      // Searchable by the container's ids: the stub mounts proc below it as container root.
      Files.createDirectory(path);
      chmod(path, "rwxr-xr-x");
      Workplace place = workplace();
      for (Path directory : new Path[] {place.stage(), place.proc(), place.empty(), place.host()}) {
        Files.createDirectory(directory);
        chmod(directory, "rwxr-xr-x");
      }
      Files.createFile(place.mask());
      chmod(place.mask(), "---------");
      Files.writeString(place.bootId(), UUID.randomUUID() + "\n");
      chmod(place.bootId(), "r--r--r--");
      for (var entry :
          Map.of("container-manager", "lamina\n", "container-uuid", uuid + "\n").entrySet()) {
        Path file = hostDirectory().resolve(entry.getKey());
        Files.writeString(file, entry.getValue());
        chmod(file, "r--r--r--");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void chmod(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  /** Removes the directory; nothing below it is a link or a mount on the host. */
  void remove() {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void writeState(Map<String, String> state) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(state)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    write(stateFile(), text.toString());
  }

  /** A reader sees the old text or the new one. */
  private void write(Path file, String text) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(next, text);
      Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Records what was put on the container, which its cgroup does not tell in full. */
  void writeLimits(Limits limits) {
    Map<String, @Nullable String> values = new TreeMap<>();
    LimitKeys.render(limits, values);
    writeValues(limitsFile(), values);
  }

  /** What {@link #writeLimits} recorded last. */
  Optional<Limits> readLimits() {
    return readMap(limitsFile()).map(map -> LimitKeys.read(source(map)));
  }

  /** Records devices and features as they are now, and the capabilities since the start. */
  void writeAccess(GuestAccess access) {
    Map<String, @Nullable String> values = new TreeMap<>();
    access.render(values);
    writeValues(accessFile(), values);
  }

  /** What {@link #writeAccess} recorded last; nothing for a container of an earlier release. */
  GuestAccess readAccess() {
    return readMap(accessFile()).map(map -> GuestAccess.read(source(map))).orElse(GuestAccess.NONE);
  }

  private static LimitKeys.Source source(Map<String, String> map) {
    return new LimitKeys.Source() {
      @Override
      public <T> @Nullable T take(String key, Function<String, ? extends @Nullable T> read) {
        String text = map.get(key);
        return text == null ? null : read.apply(text);
      }
    };
  }

  private void writeValues(Path file, Map<String, @Nullable String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> {
      if (value != null) {
        text.append(key).append('=').append(value).append('\n');
      }
    });
    write(file, text.toString());
  }

  Optional<Map<String, String>> readState() {
    return readMap(stateFile());
  }

  private Optional<Map<String, String>> readMap(Path file) {
    return read(file)
        .map(text -> {
          Map<String, String> state = new TreeMap<>();
          text.lines()
              .forEach(line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                  state.put(line.substring(0, equals), line.substring(equals + 1));
                }
              });
          return state;
        });
  }

  /**
   * Identity of the container, as it was given to init.
   *
   * @throws IllegalStateException if there is no run
   */
  UUID uuid() {
    return read(hostDirectory().resolve("container-uuid"))
        .map(UUID::fromString)
        .orElseThrow(() -> new IllegalStateException(path + " has no container-uuid"));
  }

  /** How the waiter says that init ended; empty while it runs or if the waiter was killed. */
  Optional<ExitCause> exitCause() {
    return read(exitFile())
        .filter(text -> text.matches("[0-9]{1,3}"))
        .map(Integer::parseInt)
        .map(status -> status == 1 && unshareComplained() ? KILLED : cause(status));
  }

  /**
   * unshare(1) ends by the signal that ended init. Up to util-linux 2.38 it fails at that for
   * SIGKILL and exits with 1; only its complaint tells this from an init that did so.
   */
  private boolean unshareComplained() {
    return read(launchLog()).filter(text -> text.startsWith("unshare: ")).isPresent();
  }

  /** Wait status of the first process of a pid namespace after reboot(2), see there. */
  private static ExitCause cause(int status) {
    return switch (status) {
      case 128 + ProcessCalls.SIGHUP -> new ExitCause(ExitCause.Kind.REBOOT, status);
      case 128 + ProcessCalls.SIGINT -> new ExitCause(ExitCause.Kind.HALTED, status);
      case 128 + ProcessCalls.SIGKILL -> KILLED;
      default -> new ExitCause(ExitCause.Kind.DIED, status);
    };
  }

  /** A small file's text without surrounding white space, if it exists. */
  Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
