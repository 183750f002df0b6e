package org.lamina.manager.core.patch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExitCause;
import org.lamina.agent.GuestRoot;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.InMemoryContainerStore;
import org.lamina.manager.core.Intent;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;
import org.lamina.templates.Generation;

/** What outlives a daemon: the disk, the kernel and the database, with two generations. */
final class World {
  static final String OLD_PASSWD = "root";
  static final String NEW_PASSWD = "root,mail";

  final Path dir;
  final InMemoryContainerStore containers = new InMemoryContainerStore();
  final MemoryPatchStore reports = new MemoryPatchStore();
  final Map<Ctid, Map<String, Optional<String>>> own = new TreeMap<>();
  final Map<Ctid, Init> running = Collections.synchronizedMap(new TreeMap<>());
  final Set<Path> mounts = Collections.synchronizedSet(new HashSet<>());
  final Map<Integer, Map<String, String>> files = new HashMap<>();
  final List<String> events = Collections.synchronizedList(new ArrayList<>());

  /** Containers in which a file below /usr is open for writing. */
  final Set<Ctid> writing = new HashSet<>();

  /** Containers that were started just now; at the end of their boot nothing is open any more. */
  final Set<Ctid> booting = new HashSet<>();

  /** Containers that are not well on the new generation. */
  final Set<Ctid> ill = new HashSet<>();

  /** An init, and the generations that it sees. */
  static final class Init {
    final CompletableFuture<ExitCause> exit = new CompletableFuture<>();
    volatile int root;
    volatile int usr;
  }

  World(Path dir) {
    this.dir = dir;
    files.put(0, Map.of("usr/lib/libssl", "3.0.11", "etc/passwd", OLD_PASSWD, "etc/motd", "hi"));
    files.put(1, Map.of("usr/lib/libssl", "3.0.17", "etc/passwd", NEW_PASSWD, "etc/motd", "hi"));
  }

  static Generation generation(int number) {
    List<Path> layers = new ArrayList<>();
    for (int n = number; n >= 0; n--) {
      layers.add(Path.of("/template/debian-12/" + n + "/fs"));
    }
    return new Generation(
        "debian-12",
        number,
        Path.of("/template/debian-12/" + number),
        layers,
        List.of("usr"),
        CgroupVersion.V2,
        Instant.EPOCH,
        1 << 20,
        155);
  }

  Ctid add(int number, boolean runs) {
    Ctid ctid = new Ctid(number);
    var _ =
        containers.insert(
            Container.of(
                    ctid,
                    new UUID(0, number),
                    "debian-12",
                    0,
                    new IdRange(65_536 * number),
                    Instant.EPOCH)
                .wantsRunning(runs)
                .build(),
            null,
            Intent.of(ctid, Intent.Kind.CREATING));
    containers.clear(ctid);
    Map<String, Optional<String>> delta = new TreeMap<>();
    delta.put("etc/passwd", Optional.of("root,alice"));
    own.put(ctid, delta);
    try {
      Files.createDirectories(area(ctid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (runs) {
      boot(ctid, 0);
    }
    return ctid;
  }

  Path area(Ctid ctid) {
    return dir.resolve("private").resolve(ctid.toString());
  }

  Init boot(Ctid ctid, int generation) {
    Init init = new Init();
    init.root = generation;
    init.usr = generation;
    running.put(ctid, init);
    return init;
  }

  void end(Ctid ctid) {
    Init init = running.remove(ctid);
    if (init != null) {
      init.exit.complete(new ExitCause(ExitCause.Kind.HALTED, 0));
    }
  }

  /** What the container sees at a path with these generations below its own files. */
  Optional<String> see(Ctid ctid, String path, int root, int usr) {
    Optional<String> mine = own.get(ctid).get(path);
    if (mine != null) {
      return mine;
    }
    return Optional.ofNullable(files.get(path.startsWith("usr/") ? usr : root).get(path));
  }

  Optional<String> seeNow(Ctid ctid, String path) {
    Init init = running.get(ctid);
    int generation = containers.find(ctid).orElseThrow().generation();
    return init == null
        ? see(ctid, path, generation, generation)
        : see(ctid, path, init.root, init.usr);
  }

  Set<String> journals(Ctid ctid) {
    try (var entries = Files.list(area(ctid))) {
      return new TreeSet<>(entries.map(p -> p.getFileName().toString()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A container's root over two generations; each change is a point at which a daemon may die. */
  GuestRoot root(Ctid ctid, int root, int usr, Points points) {
    return new GuestRoot() {
      @Override
      public Optional<Info> info(String path) {
        return see(ctid, path, root, usr)
            .map(text -> new Info(Type.FILE, 0644, 0, 0, text.length(), Instant.EPOCH));
      }

      @Override
      public byte[] read(String path) {
        return see(ctid, path, root, usr).orElseThrow().getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public InputStream open(String path) {
        return new ByteArrayInputStream(read(path));
      }

      @Override
      public String readLink(String path) {
        throw new UnsupportedOperationException(path);
      }

      @Override
      public List<String> list(String path) {
        return List.of();
      }

      @Override
      public Map<String, byte[]> attributes(String path) {
        return Map.of();
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
        String text;
        try {
          text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        points.around("write " + path, () -> own.get(ctid).put(path, Optional.of(text)));
      }

      @Override
      public void link(String path, String target, int uid, int gid) {
        throw new UnsupportedOperationException(path);
      }

      @Override
      public void makeDirectory(String path, int mode, int uid, int gid) {
        throw new UnsupportedOperationException(path);
      }

      @Override
      public void remove(String path) {
        points.around("remove " + path, () -> own.get(ctid).put(path, Optional.empty()));
      }

      @Override
      public void close() {}
    };
  }

  static Duration moment() {
    return Duration.ofMillis(3);
  }
}
