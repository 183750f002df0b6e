package org.lamina.templates.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lamina.schema.Printable;
import org.lamina.templates.TemplateDefinition;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the text of one definition file into a checked definition. Every value ends up in an
 * argument vector or a path, so each is held to the form its distribution allows. Thread safe.
 */
public final class DefinitionReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern SUITE =
      Pattern.compile("[a-z0-9][a-z0-9.+-]{0,62}(/[a-z0-9][a-z0-9.+-]{0,62})?");
  private static final Pattern COMPONENT = Pattern.compile("[a-z0-9][a-z0-9.+/-]{0,62}");
  // A trailing minus would tell apt to remove the package instead of installing it.
  private static final Pattern PACKAGE =
      Pattern.compile("[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+.](:[a-z0-9-]{1,31})?");
  private static final Pattern RPM_PACKAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,126}");
  private static final Pattern UNIT =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9:_.@-]{0,200}\\.(service|socket|timer|mount|target|path)");
  private static final Pattern TREE = Pattern.compile("[a-z][a-z0-9]{0,31}");
  private static final Set<String> INITS = Set.of("systemd", "sysvinit");
  private static final Set<String> CGROUPS =
      Set.of(TemplateDefinition.ANY_CGROUPS, TemplateDefinition.CGROUPS_V1);
  private static final Set<String> NEVER_SWAPPED =
      Set.of("boot", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "var");
  private static final List<String> COMMON =
      List.of(
          "summary",
          "family",
          "release",
          "packages",
          "init",
          "maskedUnits",
          "swappableTrees",
          "cgroups");
  private static final List<String> DEBIAN =
      List.of("suites", "updateSuites", "components", "variant");
  private static final List<String> RPM = List.of("repositories", "keys");
  private static final int MOST_ITEMS = 2000;

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Whether a file's base name can be a template's name. */
  public static boolean validName(String name) {
    return NAME.matcher(name).matches() && !name.contains("..");
  }

  /**
   * @param name the template's name, from the file's base name
   * @throws InvalidDefinitionException names the key and the value that is wrong
   */
  public TemplateDefinition read(String name, String text) throws InvalidDefinitionException {
    if (!validName(name)) {
      throw new InvalidDefinitionException(
          "bad template name \"" + Printable.shorten(name, 80) + "\"");
    }
    JsonNode root = parse(text);
    String family = word(root, "family", WORD);
    boolean rpm = family.equals("rpm");
    onlyKnownKeys(root, rpm ? RPM : DEBIAN);
    String release = word(root, "release", SUITE);
    String init = oneOf(root, "init", INITS);
    List<String> trees = words(root, "swappableTrees", TREE, false);
    for (String tree : trees) {
      if (NEVER_SWAPPED.contains(tree)) {
        throw bad("swappableTrees", tree, "cannot be exchanged");
      }
    }
    return new TemplateDefinition(
        name,
        summary(root),
        family,
        release,
        rpm ? List.of() : words(root, "suites", SUITE, true),
        rpm ? List.of() : words(root, "components", COMPONENT, true),
        words(root, "packages", rpm ? RPM_PACKAGE : PACKAGE, true),
        init,
        trees,
        root.has("variant") ? word(root, "variant", WORD) : "minbase",
        words(root, "maskedUnits", UNIT, false),
        words(root, "updateSuites", SUITE, false),
        rpm ? RpmArchiveReader.read(root) : null,
        root.has("cgroups") ? oneOf(root, "cgroups", CGROUPS) : TemplateDefinition.ANY_CGROUPS);
  }

  private static void onlyKnownKeys(JsonNode root, List<String> ofFamily)
      throws InvalidDefinitionException {
    SortedSet<String> known = new TreeSet<>(COMMON);
    known.addAll(ofFamily);
    for (String key : root.propertyNames()) {
      if (!known.contains(key)) {
        throw new InvalidDefinitionException(
            "unknown key \""
                + Printable.shorten(key, 80)
                + "\"; known are "
                + String.join(", ", known));
      }
    }
  }

  private JsonNode parse(String text) throws InvalidDefinitionException {
    JsonNode root;
    try {
      root = mapper.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidDefinitionException(
          "is not valid JSON: " + Printable.shorten(e.getOriginalMessage(), 200) + where(e));
    }
    if (!root.isObject()) {
      throw new InvalidDefinitionException("does not hold a JSON object");
    }
    return root;
  }

  private static String where(JacksonException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  private static String summary(JsonNode root) throws InvalidDefinitionException {
    String text = text(root, "summary");
    if (text.isBlank() || text.length() > 200 || !Printable.shorten(text, 200).equals(text)) {
      throw bad("summary", text, "is not one printable line of at most 200 characters");
    }
    return text;
  }

  private static String oneOf(JsonNode root, String key, Set<String> values)
      throws InvalidDefinitionException {
    String value = word(root, key, WORD);
    if (!values.contains(value)) {
      throw bad(key, value, "is none of " + String.join(", ", values.stream().sorted().toList()));
    }
    return value;
  }

  static String word(JsonNode root, String key, Pattern form) throws InvalidDefinitionException {
    return checked(key, text(root, key), form);
  }

  static String text(JsonNode root, String key) throws InvalidDefinitionException {
    JsonNode node = root.get(key);
    if (node == null) {
      throw new InvalidDefinitionException("key \"" + key + "\" is missing");
    }
    if (!node.isString()) {
      throw new InvalidDefinitionException("key \"" + key + "\" is not a string");
    }
    return node.stringValue();
  }

  static List<String> words(JsonNode root, String key, Pattern form, boolean needed)
      throws InvalidDefinitionException {
    JsonNode node = root.get(key);
    if (node == null && !needed) {
      return List.of();
    }
    if (node == null) {
      throw new InvalidDefinitionException("key \"" + key + "\" is missing");
    }
    if (!node.isArray() || (needed && node.isEmpty()) || node.size() > MOST_ITEMS) {
      throw new InvalidDefinitionException(
          "key \"" + key + "\" is not a list of " + (needed ? 1 : 0) + " to " + MOST_ITEMS);
    }
    List<String> out = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode item : node) {
      if (!item.isString()) {
        throw new InvalidDefinitionException("key \"" + key + "\" holds an item that is no string");
      }
      String value = checked(key, item.stringValue(), form);
      if (!seen.add(value)) {
        throw bad(key, value, "is there twice");
      }
      out.add(value);
    }
    return out;
  }

  private static String checked(String key, String value, Pattern form)
      throws InvalidDefinitionException {
    if (!form.matcher(value).matches() || value.contains("..")) {
      throw bad(key, value, "has characters or a form that is not allowed");
    }
    return value;
  }

  static InvalidDefinitionException bad(String key, String value, String why) {
    return new InvalidDefinitionException(
        "key \"" + key + "\": \"" + Printable.shorten(value, 80) + "\" " + why);
  }
}
