package org.lamina.templates;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where packages of the rpm family come from and who vouches for them. Immutable.
 *
 * @param repositories in the order of the definition; all are used
 * @param keys that packages may be signed with; no others are believed
 * @param mirror root of the operator's mirror, below which each repository's path is looked up;
 *     null for the repositories' own addresses
 */
public record RpmArchive(List<Repository> repositories, List<Key> keys, @Nullable String mirror) {
  /** How an address is to be read. */
  public enum Kind {
    /** Of the repository itself. */
    BASEURL,
    /** Of a list of base addresses, one per line. */
    MIRRORLIST,
    /** Of a Metalink document with addresses and checksums. */
    METALINK
  }

  /**
   * One repository. Addresses and paths may hold {@code $releasever} and {@code $basearch}.
   *
   * @param path from the root of any mirror of the distribution, without leading slash
   */
  public record Repository(String id, String path, Kind kind, String url) {}

  /**
   * A file of public keys on this host.
   *
   * @param file absolute path
   * @param fingerprints in upper-case hex, of which every primary key of the file must be one;
   *     empty if the operator vouches for the file
   */
  public record Key(String file, List<String> fingerprints) {
    public Key {
      fingerprints = List.copyOf(fingerprints);
    }
  }

  public RpmArchive {
    repositories = List.copyOf(repositories);
    keys = List.copyOf(keys);
  }

  /** The same with what the operator asked for in place of its own. */
  public RpmArchive with(BuildOptions options) {
    return new RpmArchive(
        repositories,
        options.keys().isEmpty()
            ? keys
            : options.keys().stream().map(k -> new Key(k.toString(), List.of())).toList(),
        options.mirror().orElse(mirror));
  }

  /** The addresses of another archive, with the operator's mirror and keys of this one. */
  RpmArchive renewedBy(RpmArchive other) {
    boolean ownKeys = keys.stream().anyMatch(k -> k.fingerprints().isEmpty());
    return new RpmArchive(other.repositories, ownKeys ? keys : other.keys, mirror);
  }
}
