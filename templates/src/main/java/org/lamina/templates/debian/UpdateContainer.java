package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.UpdateWork;

/** Runs the steps of one update inside build containers. Not thread safe. */
final class UpdateContainer {
  /** What a step may reach. */
  enum Reach {
    /** Nothing but its own files. */
    NOTHING,
    /** The network of the host. */
    NETWORK,
    /** The network and the names that only this host knows. */
    MIRROR
  }

  private static final List<String> PASSED_ON =
      List.of("PATH", "LC_ALL", "DEBIAN_FRONTEND", "HOME");
  private static final String NO_SERVICES = "#!/bin/sh\nexit 101\n";
  private static final String PACKAGES =
      "Correct the names and versions; apt-cache policy NAME inside a container lists them.";

  private final UpdateWork work;
  private final String what;

  /**
   * @param what what is tried on which template, for messages
   */
  UpdateContainer(UpdateWork work, String what) {
    this.work = work;
    this.what = what;
  }

  /** A directory in the scratch area that the steps can enter, made when first asked for. */
  Path directory(String name) throws IOException {
    Path directory = work.scratch().resolve(name);
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      mode(directory, "rwxr-xr-x");
    }
    return directory;
  }

  /**
   * Runs one of the shipped step scripts.
   *
   * @param upper the writable layer
   * @param shown called by another thread with each line of output
   * @throws org.lamina.schema.LaminaException TEMPLATE_BUILD_FAILED or DISK_FULL if it fails
   */
  void run(
      String step,
      List<String> arguments,
      Path upper,
      List<Given> given,
      Reach reach,
      Consumer<String> shown)
      throws IOException, InterruptedException {
    List<Path> layers = new ArrayList<>();
    layers.add(tools(reach));
    layers.addAll(work.layers());
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "/run/lamina/given/" + step + ".sh"));
    argv.addAll(arguments);
    BuildLog log = new BuildLog();
    int status =
        new BuildContainer(layers, upper, work.scratch())
            .run(
                given,
                reach != Reach.NOTHING,
                environment(reach),
                argv,
                line -> {
                  log.add(line);
                  shown.accept(line);
                });
    if (status != 0) {
      throw log.failure(what, "the package manager", status, PACKAGES);
    }
  }

  private Map<String, String> environment(Reach reach) {
    Map<String, String> out =
        new HashMap<>(MmdebstrapCommand.environment(System.getenv(), work.scratch()));
    out.remove("TMPDIR");
    if (reach == Reach.NOTHING) {
      out.keySet().retainAll(PASSED_ON); // proxies may hold passwords
    }
    out.put("APT_LISTCHANGES_FRONTEND", "none");
    out.put("NEEDRESTART_SUSPEND", "1");
    out.put("UCF_FORCE_CONFFOLD", "1");
    return out;
  }

  /** A layer below the writable one: its files are seen, and left behind by nobody. */
  private Path tools(Reach reach) throws IOException {
    Path layer = work.scratch().resolve("tools-" + reach);
    if (Files.exists(layer)) {
      return layer;
    }
    directory("tools-" + reach);
    put(layer, "usr/sbin/policy-rc.d", NO_SERVICES, "rwxr-xr-x");
    if (reach != Reach.NOTHING) {
      copy(layer, "etc/resolv.conf");
    }
    if (reach == Reach.MIRROR) {
      copy(layer, "etc/hosts");
    }
    return layer;
  }

  private static void copy(Path layer, String path) throws IOException {
    Path own = Path.of("/", path);
    if (Files.isReadable(own)) {
      put(layer, path, Files.readString(own), "rw-r--r--");
    }
  }

  private static void put(Path layer, String path, String text, String mode) throws IOException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      Path directory = layer.resolve(path.substring(0, slash));
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        mode(directory, "rwxr-xr-x");
      }
    }
    Path file = layer.resolve(path);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    mode(file, mode);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
