package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.build.BuildContainer.Given;

/** The public keys of a build, each file held against the fingerprints of the definition. */
final class RepositoryKeys {
  private static final long LONGEST = 1 << 20;

  private RepositoryKeys() {}

  /**
   * Copies the keys into an empty directory.
   *
   * @param what what is tried on which template, for messages
   * @throws LaminaException TEMPLATE_BUILD_FAILED if a file is missing, holds no key, or holds one
   *     that the definition does not name
   */
  static void copy(String what, List<RpmArchive.Key> keys, Path directory, HostTools tools)
      throws IOException, InterruptedException {
    for (RpmArchive.Key key : keys) {
      Path file = Path.of(key.file());
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
        throw failure(
            what + ": there is no key file " + shown(key),
            "Install the package distribution-gpg-keys, or name a file that holds the key: vzpkg"
                + " create cache TEMPLATE --gpgkey FILE.");
      }
      Path copy = directory.resolve("key-" + keys.indexOf(key));
      Files.write(copy, Files.readAllBytes(file));
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
      List<String> found = fingerprints(copy, tools);
      if (found.isEmpty()) {
        throw failure(what + ": " + shown(key) + " holds no public key", null);
      }
      for (String one : found) {
        if (!key.fingerprints().isEmpty() && !key.fingerprints().contains(one)) {
          throw failure(
              what
                  + ": "
                  + shown(key)
                  + " holds the key "
                  + one
                  + ", which the definition does not name",
              "If that key is right, correct the fingerprints in the template's definition.");
        }
      }
    }
  }

  /** Primary keys of a file as gpg reads it. */
  private static List<String> fingerprints(Path file, HostTools tools)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    int status =
        tools.run(
            List.of(new Given(file, "key", false)),
            false,
            List.of(
                "/usr/bin/gpg",
                "--batch",
                "--no-autostart",
                "--with-colons",
                "--show-keys",
                "/run/lamina/key"),
            lines::add);
    if (status == 127) {
      throw failure("gpg does not run on this host", "Install it: apt-get install gpg");
    }
    return parse(lines);
  }

  /** From gpg's colon lines: the fingerprint that follows each primary key. */
  static List<String> parse(List<String> lines) {
    List<String> out = new ArrayList<>();
    boolean primary = false;
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields[0].equals("pub")) {
        primary = true;
      } else if (fields[0].equals("fpr") && fields.length > 9 && primary) {
        out.add(fields[9]);
        primary = false;
      }
    }
    return out;
  }

  private static String shown(RpmArchive.Key key) {
    return Printable.shorten(key.file(), 200);
  }

  private static LaminaException failure(
      String message, @org.jspecify.annotations.Nullable String hint) {
    return new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, message, hint);
  }
}
