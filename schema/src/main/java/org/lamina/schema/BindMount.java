package org.lamina.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file of the host that a container sees.
 *
 * @param source absolute path on the host; null for a directory of the container's own beside its
 *     root file system
 * @param target absolute path inside
 */
public record BindMount(@Nullable String source, String target, Set<Option> options) {
  /** What the inside cannot do there. Device nodes never work. */
  public enum Option {
    RO,
    NOSUID,
    NODEV,
    NOEXEC;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** No blanks, and nothing that separates the parts of the text. */
  private static final Pattern PATH = Pattern.compile("(/[^/\\s:,;\"'$`\\\\\\p{Cntrl}]+)+");

  private static final int LONGEST = 1024;

  /** Mounts there would hide what the runtime itself puts in place, or be lost with it. */
  private static final List<String> RESERVED = List.of("/proc", "/sys", "/dev", "/run", "/usr");

  public BindMount {
    options = Set.copyOf(options);
    if (source != null) {
      check(source, source);
    }
    check(target, target);
    for (String reserved : RESERVED) {
      if (target.equals(reserved) || target.startsWith(reserved + "/")) {
        throw bad(target, "Nothing can be mounted below " + String.join(", ", RESERVED) + ".");
      }
    }
  }

  private static void check(String path, String shown) {
    boolean dots = Arrays.stream(path.split("/")).anyMatch(p -> p.equals(".") || p.equals(".."));
    if (path.length() > LONGEST || dots || !PATH.matcher(path).matches()) {
      throw bad(shown, "Paths are absolute, without blanks, dots, links and quotes in them.");
    }
  }

  /**
   * Reads {@code [SOURCE:]TARGET[,ro][,nosuid][,nodev][,noexec]}.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static BindMount parse(String text) {
    String[] words = text.split(",", -1);
    Set<Option> options = EnumSet.noneOf(Option.class);
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      options.add(
          Arrays.stream(Option.values())
              .filter(option -> option.word().equals(word))
              .findFirst()
              .orElseThrow(() -> bad(text, "Options are ro, nosuid, nodev and noexec.")));
    }
    int colon = words[0].indexOf(':');
    return new BindMount(
        colon < 0 ? null : words[0].substring(0, colon), words[0].substring(colon + 1), options);
  }

  /** Several, separated by blanks, as the configuration keeps them. */
  public static List<BindMount> parseAll(String text) {
    List<BindMount> all = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      BindMount mount = parse(word);
      if (all.stream().anyMatch(other -> other.target().equals(mount.target()))) {
        throw bad(mount.target(), "Two mounts cannot be in one place.");
      }
      all.add(mount);
    }
    return List.copyOf(all);
  }

  public static String render(List<BindMount> mounts) {
    return mounts.stream().map(BindMount::toString).collect(Collectors.joining(" "));
  }

  private static LaminaException bad(String text, String hint) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER, "bad bind mount '" + Printable.shorten(text, 80) + "'", hint);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source == null ? target : source + ":" + target);
    EnumSet.allOf(Option.class).stream()
        .filter(options::contains)
        .forEach(option -> text.append(',').append(option.word()));
    return text.toString();
  }
}
