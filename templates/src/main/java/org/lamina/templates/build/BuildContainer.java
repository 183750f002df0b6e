package org.lamina.templates.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs programs of a template on a writable layer above it, or in a directory, locked in:
 * namespaces of their own, no file system of the host but what is given, no service, no device but
 * the harmless ones, and no capability with which root could leave. What they write below {@code
 * /dev}, {@code /proc}, {@code /run} and {@code /tmp} does not reach the layer.
 *
 * @param layers below the writable one, uppermost first; only read; none if the writable directory
 *     is a whole root file system
 * @param upper the writable layer; its owner and mode are those of the root directory inside
 * @param scratch directory on the same file system as {@code upper} for what the mount needs
 */
public record BuildContainer(List<Path> layers, Path upper, Path scratch) {
  /** What package managers and maintainer scripts need, and nothing that reaches the host. */
  private static final String CAPABILITIES =
      "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setfcap,+mknod,"
          + "+sys_chroot,+net_bind_service,+audit_write";

  /**
   * A file or directory of the host that appears inside as {@code /run/lamina/NAME}.
   *
   * @param writable whether programs inside may change it
   */
  public record Given(Path path, String name, boolean writable) {}

  /**
   * Waits for the end of the program and of everything it started. The death of this process ends
   * it too.
   *
   * @param network whether it shares the host's network; else it has none
   * @param environment the whole environment of the program
   * @param program argument vector; the program is a path inside
   * @param line called by another thread with each line of output
   * @return exit status
   * @throws InterruptedException after everything has been killed
   */
  public int run(
      List<Given> given,
      boolean network,
      Map<String, String> environment,
      List<String> program,
      Consumer<String> line)
      throws IOException, InterruptedException {
    Path place = Files.createTempDirectory(scratch, "container-");
    Path links = Files.createDirectory(place.resolve("layers"));
    Path script = place.resolve("enter.sh");
    Files.writeString(
        script, Resource.text(BuildContainer.class, "build-container.sh"), StandardCharsets.UTF_8);
    // Names of one letter: mount options are short, paths need not be, and may hold a colon.
    List<String> lower = new ArrayList<>();
    for (Path layer : layers) {
      String name = Integer.toString(lower.size(), Character.MAX_RADIX);
      Files.createSymbolicLink(links.resolve(name), layer.toAbsolutePath());
      lower.add(name);
    }
    Files.createSymbolicLink(links.resolve("upper"), upper.toAbsolutePath());
    Files.createDirectory(links.resolve("work"));
    Path root = Files.createDirectory(place.resolve("root"));
    List<String> argv =
        new ArrayList<>(
            List.of("setsid", "setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid"));
    if (!network) {
      argv.add("--net");
    }
    argv.addAll(List.of("--ipc", "--uts", "--fork", "--kill-child", "--", "sh", script.toString()));
    argv.addAll(List.of(String.join(":", lower), "upper", "work", root.toString(), CAPABILITIES));
    for (Given one : given) {
      argv.addAll(List.of(one.writable() ? "rw" : "ro", one.path().toString(), one.name()));
    }
    argv.add("--");
    argv.addAll(program);
    return HelperProcess.run(argv, environment, links, line);
  }
}
