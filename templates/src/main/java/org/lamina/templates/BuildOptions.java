package org.lamina.templates;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * What an operator says about one build beside the definition.
 *
 * @param mirror root of a mirror to take packages from
 * @param keys files of public keys that replace those of the definition
 */
public record BuildOptions(Optional<String> mirror, List<Path> keys) {
  /** Nothing but the definition. */
  public static final BuildOptions NONE = new BuildOptions(Optional.empty(), List.of());

  private static final Set<String> SCHEMES = Set.of("http", "https", "file");
  private static final int LONGEST = 2000;

  public BuildOptions {
    keys = List.copyOf(keys);
  }

  /**
   * @param mirror an http, https or file address
   * @param keys absolute paths
   * @throws LaminaException BAD_PARAMETER
   */
  public static BuildOptions of(@Nullable String mirror, List<String> keys) {
    if (mirror != null && !isAddress(mirror)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad mirror " + Printable.shorten(mirror, 120),
          "It is the address of a directory, such as https://mirror.example.org/almalinux.");
    }
    for (String key : keys) {
      if (!key.startsWith("/") || key.indexOf('\0') >= 0) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "bad key file " + Printable.shorten(key, 120) + ": its path is not absolute");
      }
    }
    return new BuildOptions(Optional.ofNullable(mirror), keys.stream().map(Path::of).toList());
  }

  /** Whether a text is an address that packages can be fetched from. */
  public static boolean isAddress(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      return text.length() <= LONGEST
          && scheme != null
          && SCHEMES.contains(scheme)
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && (scheme.equals("file")
              ? uri.getRawAuthority() == null
                  && uri.getPath() != null
                  && uri.getPath().startsWith("/")
              : uri.getHost() != null);
    } catch (URISyntaxException e) {
      // not even the form of one
      return false;
    }
  }

  boolean isEmpty() {
    return mirror.isEmpty() && keys.isEmpty();
  }
}
