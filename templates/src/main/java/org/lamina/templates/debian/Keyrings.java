package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Finds the file with the keys that vouch for a suite. Stateless. */
final class Keyrings {
  static final Path DEFAULT = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final String KEY_BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

  private Keyrings() {}

  /**
   * @param signedBy the host's Signed-By: a path, a key, or fingerprints, which name keys of the
   *     default keyring
   * @param scratch where a key that stands in the source itself is written as {@code name}
   * @return the file, or nothing where the host leaves it to apt's trusted keys
   * @throws LaminaException TEMPLATE_BUILD_FAILED if the named file cannot be used
   */
  static Optional<Path> of(Optional<String> signedBy, Path scratch, String name)
      throws IOException {
    String value = signedBy.orElse("").strip();
    if (value.contains(KEY_BLOCK)) {
      Path file = scratch.resolve(name + ".asc");
      Files.writeString(
          file, value.substring(value.indexOf(KEY_BLOCK)) + "\n", StandardCharsets.US_ASCII);
      return Optional.of(file);
    }
    for (String word : value.split("[\\s,]+")) {
      if (word.startsWith("/")) {
        return Optional.of(usable(Path.of(word)));
      }
    }
    return Files.isReadable(DEFAULT) ? Optional.of(DEFAULT) : Optional.empty();
  }

  private static Path usable(Path file) {
    if (!Files.isRegularFile(file) || !file.toString().matches("[A-Za-z0-9/._+-]+")) {
      throw new LaminaException(
          ExitCode.TEMPLATE_BUILD_FAILED,
          "cannot use the keyring "
              + Printable.shorten(file.toString(), 200)
              + " that the host's apt sources name",
          "Install debian-archive-keyring, or correct Signed-By in the host's apt sources.");
    }
    return file;
  }
}
