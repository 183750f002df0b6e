package org.lamina.templates.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.RpmArchive;
import tools.jackson.databind.JsonNode;

/** The keys {@code repositories} and {@code keys} of a definition of the rpm family. Pure. */
final class RpmArchiveReader {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern PATH =
      Pattern.compile("([A-Za-z0-9._+~-]|\\$releasever|\\$basearch|/)*");
  private static final Pattern URL =
      Pattern.compile(
          "[A-Za-z0-9:/?=&.,_+~%@-]*((\\$releasever|\\$basearch)[A-Za-z0-9:/?=&.,_+~%@-]*)*");
  private static final Pattern FILE = Pattern.compile("/[A-Za-z0-9/._+-]{1,250}");
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{40}|[0-9A-F]{64}");
  private static final int MOST = 50;

  private RpmArchiveReader() {}

  static RpmArchive read(JsonNode root) throws InvalidDefinitionException {
    List<RpmArchive.Repository> repositories = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode item : items(root, "repositories")) {
      RpmArchive.Repository repository = repository(item);
      if (!ids.add(repository.id())) {
        throw DefinitionReader.bad("id", repository.id(), "is there twice");
      }
      repositories.add(repository);
    }
    List<RpmArchive.Key> keys = new ArrayList<>();
    for (JsonNode item : items(root, "keys")) {
      only(item, "keys", Set.of("file", "fingerprints"));
      keys.add(
          new RpmArchive.Key(
              DefinitionReader.word(item, "file", FILE),
              DefinitionReader.words(item, "fingerprints", FINGERPRINT, true)));
    }
    return new RpmArchive(repositories, keys, null);
  }

  private static RpmArchive.Repository repository(JsonNode item) throws InvalidDefinitionException {
    only(item, "repositories", Set.of("id", "path", "baseurl", "mirrorlist", "metalink"));
    String id = DefinitionReader.word(item, "id", ID);
    List<RpmArchive.Kind> kinds = new ArrayList<>();
    for (RpmArchive.Kind kind : RpmArchive.Kind.values()) {
      if (item.has(key(kind))) {
        kinds.add(kind);
      }
    }
    if (kinds.size() != 1) {
      throw new InvalidDefinitionException(
          "repository \"" + id + "\" needs exactly one of baseurl, mirrorlist, metalink");
    }
    RpmArchive.Kind kind = kinds.getFirst();
    String url = DefinitionReader.text(item, key(kind));
    String plain = url.replace("$releasever", "9").replace("$basearch", "x");
    // An address may have a query here, which a mirror's root may not.
    if (!URL.matcher(url).matches() || !BuildOptions.isAddress(plain.replaceFirst("\\?.*", ""))) {
      throw DefinitionReader.bad(
          key(kind),
          url,
          "is no http, https or file address with $releasever or $basearch at most");
    }
    if (kind != RpmArchive.Kind.BASEURL && url.startsWith("file:")) {
      throw DefinitionReader.bad(key(kind), url, "cannot be a file; use baseurl");
    }
    String path = DefinitionReader.word(item, "path", PATH);
    if (path.startsWith("/")) {
      throw DefinitionReader.bad("path", path, "begins with a slash");
    }
    return new RpmArchive.Repository(id, path, kind, url);
  }

  private static String key(RpmArchive.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static List<JsonNode> items(JsonNode root, String key) throws InvalidDefinitionException {
    JsonNode node = root.get(key);
    if (node == null) {
      throw new InvalidDefinitionException("key \"" + key + "\" is missing");
    }
    if (!node.isArray() || node.isEmpty() || node.size() > MOST) {
      throw new InvalidDefinitionException("key \"" + key + "\" is not a list of 1 to " + MOST);
    }
    List<JsonNode> out = new ArrayList<>();
    for (JsonNode item : node) {
      if (!item.isObject()) {
        throw new InvalidDefinitionException("key \"" + key + "\" holds an item that is no object");
      }
      out.add(item);
    }
    return out;
  }

  private static void only(JsonNode item, String where, Set<String> known)
      throws InvalidDefinitionException {
    for (String key : item.propertyNames()) {
      if (!known.contains(key)) {
        throw DefinitionReader.bad(
            where,
            key,
            "is no key here; known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
