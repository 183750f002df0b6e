package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.tree.RootTree;

/**
 * Runs dnf and rpm of this host in a build container that has the host's {@code /usr}, read-only,
 * and nothing else of it: none of its configuration, accounts or databases. What a package or a
 * repository could make these programs do ends there. Not thread safe.
 */
public final class HostTools {
  private static final Path USR = Path.of("/usr");
  private static final List<String> PROXIES =
      List.of("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy");

  private final Path scratch;
  private final Path skeleton;

  private HostTools(Path scratch, Path skeleton) {
    this.scratch = scratch;
    this.skeleton = skeleton;
  }

  /**
   * @param scratch directory for temporary files, on any file system with room for packages
   */
  public static HostTools in(Path scratch) throws IOException {
    Path skeleton = open(scratch.resolve("host-tools"));
    for (String name : List.of("dev", "proc", "run", "tmp", "var", "root")) {
      open(skeleton.resolve(name));
    }
    RootTree tree = new RootTree(skeleton);
    tree.link("usr", "run/lamina/usr");
    for (String name : List.of("bin", "sbin", "lib", "lib64")) {
      if (Files.isSymbolicLink(Path.of("/", name))) {
        tree.link(name, "usr/" + name);
      }
    }
    tree.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", "rw-r--r--");
    tree.write("etc/group", "root:x:0:\n", "rw-r--r--");
    tree.write("etc/nsswitch.conf", "hosts: files dns\n", "rw-r--r--");
    for (String name :
        List.of("etc/resolv.conf", "etc/hosts", DnfSettings.AUTHORITIES.substring(1))) {
      Path own = Path.of("/", name);
      if (Files.isReadable(own)) {
        tree.write(name, Files.readAllBytes(own), "rw-r--r--");
      }
    }
    return new HostTools(scratch, skeleton);
  }

  /**
   * Runs a program of the host and waits for its end.
   *
   * @param given what it sees of this build, below {@code /run/lamina}; {@code given} among them is
   *     its home
   * @param network whether it has the host's network
   * @param line called by another thread with each line of output
   * @return exit status; 127 if there is no such program
   */
  public int run(List<Given> given, boolean network, List<String> program, Consumer<String> line)
      throws IOException, InterruptedException {
    List<Given> all = new ArrayList<>(given);
    all.add(new Given(USR, "usr", false));
    Path thrownAway = Files.createTempDirectory(scratch, "tools-");
    Files.setPosixFilePermissions(thrownAway, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new BuildContainer(List.of(skeleton), thrownAway, scratch)
        .run(all, network, environment(network), program, line);
  }

  private static Map<String, String> environment(boolean network) {
    Map<String, String> out = new HashMap<>();
    out.put("PATH", "/usr/sbin:/usr/bin");
    out.put("LC_ALL", "C.UTF-8");
    out.put("HOME", "/run/lamina/given");
    out.put("GNUPGHOME", "/tmp");
    if (network) {
      for (String proxy : PROXIES) {
        String value = System.getenv(proxy);
        if (value != null) {
          out.put(proxy, value);
        }
      }
    }
    return out;
  }

  /** Makes a directory that programs inside can enter. */
  static Path open(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory;
  }

  /** Writes a file that programs inside can read. */
  static void put(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
