package org.lamina.templates.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.lamina.schema.Printable;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.patch.rpm.RpmTool;

/**
 * The rpm of a generation, run in a build container: without network, without a capability that
 * matters, on nothing but copies. A database that a container made to harm whoever reads it harms
 * nobody there.
 *
 * @param layers of the generation, uppermost first
 * @param scratch where questions have their directories
 */
public record GuestRpm(List<Path> layers, Path scratch) implements RpmTool {
  private static final String SCRIPT = script();
  private static final int KEPT = 6;
  private static final int LONGEST = 1 << 20;
  private static final String ERROR = "error: ";
  private static final String UNMET = "Unsatisfied dependencies for ";

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C", "HOME", "/tmp");

  public GuestRpm {
    layers = List.copyOf(layers);
  }

  private static String script() {
    try (InputStream in = GuestRpm.class.getResourceAsStream("database.sh")) {
      if (in == null) {
        throw new IllegalStateException("resource database.sh is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path workplace() throws IOException {
    Files.createDirectories(scratch);
    return Files.createTempDirectory(scratch, "rpm-");
  }

  @Override
  public List<Lack> read(Path work) throws IOException {
    List<Lack> lacks = run("read", work, new Given(work.resolve("database"), "database", false));
    move(work, "headers");
    return lacks;
  }

  @Override
  public List<Lack> readOwn(Path work) throws IOException {
    List<Lack> lacks = run("own", work);
    move(work, "headers");
    return lacks;
  }

  @Override
  public List<Lack> build(Path work) throws IOException {
    List<Lack> lacks = run("build", work, new Given(work.resolve("headers"), "in", false));
    move(work, "made");
    return lacks;
  }

  private static void move(Path work, String name) throws IOException {
    Files.move(work.resolve("out").resolve(name), work.resolve(name));
  }

  private List<Lack> run(String what, Path work, Given... more) throws IOException {
    // What runs inside enters as root without the right to pass closed directories of others.
    Path out = directory(work.resolve("out"));
    Path upper = directory(work.resolve("upper-" + what));
    Path scripts = directory(work.resolve("script-" + what));
    Path script = scripts.resolve("database.sh");
    Files.writeString(script, SCRIPT, StandardCharsets.UTF_8);
    List<Given> given = new ArrayList<>(List.of(more));
    given.add(new Given(out, "out", true));
    given.add(new Given(script, "database.sh", false));
    Deque<String> said = new ArrayDeque<>();
    int status;
    try {
      status =
          new BuildContainer(layers, upper, scripts)
              .run(
                  given,
                  false,
                  ENVIRONMENT,
                  List.of("/bin/sh", "/run/lamina/database.sh", what),
                  line -> keep(said, line));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("rpm was interrupted").initCause(e);
    }
    if (status != 0) {
      synchronized (said) {
        throw new IOException(
            "rpm ended with status "
                + status
                + (said.isEmpty() ? "" : ": " + Printable.shorten(String.join("; ", said), 300)));
      }
    }
    return lacks(out.resolve("lacks"));
  }

  private static void keep(Deque<String> said, String line) {
    synchronized (said) {
      said.addLast(line.strip());
      if (said.size() > KEPT) {
        said.removeFirst();
      }
    }
  }

  private static Path directory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return path;
  }

  private static List<Lack> lacks(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return lacks(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
    }
  }

  /**
   * Reads what {@code rpm -V} says of dependencies. Pure.
   *
   * @throws IOException if it says that it could not read the database
   */
  static List<Lack> lacks(String text) throws IOException {
    List<Lack> out = new ArrayList<>();
    String nevra = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith(ERROR)) {
        throw new IOException("rpm says: " + Printable.shorten(line.strip(), 300));
      }
      if (line.startsWith(UNMET)) {
        nevra = line.substring(UNMET.length()).strip();
        nevra = nevra.endsWith(":") ? nevra.substring(0, nevra.length() - 1) : nevra;
      } else if (line.startsWith("\t") && !nevra.isEmpty()) {
        out.add(new Lack(nevra, line.strip()));
      }
    }
    return out;
  }
}
