package org.lamina.templates.patch.rpm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which packages a container wants to keep: what versionlock locks and what the settings of dnf and
 * yum exclude. Immutable; thread safe.
 */
public final class Holds {
  /** Where the wishes stand; the first are lists of versionlock, the others settings. */
  public static final List<String> LOCKS =
      List.of("etc/dnf/plugins/versionlock.list", "etc/yum/pluginconf.d/versionlock.list");

  public static final List<String> SETTINGS = List.of("etc/dnf/dnf.conf", "etc/yum.conf");

  private static final Pattern ARCHITECTURE =
      Pattern.compile("\\*|noarch|x86_64|i[3-6]86|aarch64|ppc64le|s390x|riscv64");

  private final List<Lock> locks;
  private final List<Pattern> excluded;

  /**
   * @param version matches {@code EPOCH:VERSION-RELEASE} of versions that are allowed
   */
  private record Lock(Pattern name, Pattern version, Pattern architecture) {}

  private Holds(List<Lock> locks, List<Pattern> excluded) {
    this.locks = List.copyOf(locks);
    this.excluded = List.copyOf(excluded);
  }

  static final Holds NONE = new Holds(List.of(), List.of());

  /**
   * @param locks texts of lists of versionlock
   * @param settings texts of settings
   */
  public static Holds parse(List<String> locks, List<String> settings) {
    List<Lock> allowed = new ArrayList<>();
    Set<String> globs = new LinkedHashSet<>();
    for (String line : lines(locks)) {
      if (line.startsWith("!")) {
        globs.add(line.substring(1));
      } else {
        lock(line, allowed);
      }
    }
    settings.forEach(text -> globs.addAll(excludes(text)));
    return new Holds(allowed, globs.stream().map(Holds::glob).toList());
  }

  private static List<String> lines(List<String> texts) {
    return texts.stream()
        .flatMap(String::lines)
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("#"))
        .toList();
  }

  /** {@code NAME-EPOCH:VERSION-RELEASE.ARCHITECTURE}, or yum's with the epoch in front. */
  private static void lock(String line, List<Lock> out) {
    int colon = line.indexOf(':');
    int dash = line.indexOf('-');
    String epoch = "*";
    String rest = line;
    if (colon > 0 && (dash < 0 || colon < dash)) {
      epoch = line.substring(0, colon);
      rest = line.substring(colon + 1);
    }
    int release = rest.lastIndexOf('-');
    int version = release < 0 ? -1 : rest.lastIndexOf('-', release - 1);
    if (version <= 0) {
      // A name alone locks nothing that could be told from the text.
      return;
    }
    String evra = rest.substring(version + 1);
    // Cut off first: in "1-1.*" the star is any architecture, and not the rest of a release.
    int dot = evra.lastIndexOf('.');
    boolean named = dot > 0 && ARCHITECTURE.matcher(evra.substring(dot + 1)).matches();
    String evr = named ? evra.substring(0, dot) : evra;
    out.add(
        new Lock(
            glob(rest.substring(0, version)),
            glob(evr.contains(":") ? evr : epoch + ":" + evr),
            glob(named ? evra.substring(dot + 1) : "*")));
  }

  /** Values of {@code exclude} and {@code excludepkgs} in the main section. */
  private static List<String> excludes(String text) {
    List<String> out = new ArrayList<>();
    boolean main = false;
    boolean goesOn = false;
    for (String line : text.lines().toList()) {
      String bare = line.strip();
      if (bare.startsWith("[")) {
        main = bare.startsWith("[main]");
        goesOn = false;
      } else if (!bare.isEmpty() && !bare.startsWith("#") && !bare.startsWith(";")) {
        boolean indented = Character.isWhitespace(line.charAt(0));
        int equals = bare.indexOf('=');
        String key = equals < 0 ? "" : bare.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        if (!indented) {
          goesOn = main && (key.equals("exclude") || key.equals("excludepkgs"));
        }
        if (goesOn) {
          String value = indented ? bare : bare.substring(equals + 1);
          out.addAll(List.of(value.strip().split("[\\s,]+")));
        }
      }
    }
    out.remove("");
    return out;
  }

  private static Pattern glob(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(out.toString());
  }

  /** Whether nothing is locked or excluded. */
  public boolean isEmpty() {
    return locks.isEmpty() && excluded.isEmpty();
  }

  /** Whether the container does not want a package to become this one. */
  boolean against(HeaderList.Installed next) {
    return against(next.name(), next.evr(), next.architecture());
  }

  /** As the other method of this name. */
  public boolean against(String name, Evr next, String architecture) {
    String evr = next.epoch() + ":" + plain(next);
    List<Lock> named =
        locks.stream()
            .filter(l -> l.name().matcher(name).matches())
            .filter(l -> l.architecture().matcher(architecture).matches())
            .toList();
    if (!named.isEmpty() && named.stream().noneMatch(l -> l.version().matcher(evr).matches())) {
      return true;
    }
    String version = plain(next);
    List<String> forms =
        List.of(
            name,
            name + "." + architecture,
            name + "-" + next.version(),
            name + "-" + version,
            name + "-" + version + "." + architecture,
            name + "-" + next.epoch() + ":" + version + "." + architecture,
            name + "-" + next.epoch() + ":" + version);
    return excluded.stream().anyMatch(p -> forms.stream().anyMatch(f -> p.matcher(f).matches()));
  }

  private static String plain(Evr evr) {
    return evr.version() + "-" + evr.release();
  }
}
