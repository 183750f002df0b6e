package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ConfFile;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/**
 * Turns {@code lamina.conf} into a {@link HostConfig}. All problems of a file are told together;
 * keys nobody knows are told as warnings, so that a misspelt one does not go unnoticed.
 */
public final class HostConfigReader {
  private static final Pattern GROUP = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final Pattern UPLINKS =
      Pattern.compile("detect|all|list:[A-Za-z0-9._@-]{1,15}(?: [A-Za-z0-9._@-]{1,15})*");
  private static final Set<String> KEYS =
      Set.of(
          "VIRTUOZZO",
          "STATE_DIR",
          "RUN_DIR",
          "DATABASE_DIR",
          "TEMPLATE",
          "VE_ROOT",
          "VE_PRIVATE",
          "DEFINITIONS_DIR",
          "LIBEXEC",
          "DEF_OSTEMPLATE",
          "CONFIGFILE",
          "STOP_TIMEOUT",
          "VE_PARALLEL",
          "LOCAL_UID",
          "LAMINA_GROUP",
          "CGROUP",
          "LXCFS",
          "NEIGHBOUR_DEVS",
          "SKIP_ARPDETECT",
          "VE_LAYOUT");

  private final ConfFile conf;
  private final List<String> problems = new ArrayList<>();

  private HostConfigReader(ConfFile conf) {
    this.conf = conf;
  }

  /** A configuration and what was odd about its file. */
  public record Result(HostConfig config, List<String> warnings) {}

  /**
   * @param file need not exist: then every default holds
   * @throws LaminaException NO_HOST_CONFIG naming every problem
   */
  public static Result read(Path file) {
    ConfFile conf;
    try {
      conf = Files.exists(file) ? ConfFile.read(file) : ConfFile.EMPTY;
    } catch (NoSuchFileException e) {
      conf = ConfFile.EMPTY;
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.NO_HOST_CONFIG, "cannot read " + file + ": " + e.getMessage(), null, e);
    }
    Path configDir = file.toAbsolutePath().normalize().getParent();
    HostConfigReader reader = new HostConfigReader(conf);
    HostConfig config = reader.build(configDir == null ? Path.of("/") : configDir);
    if (!reader.problems.isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_HOST_CONFIG, file + ": " + String.join("; ", reader.problems));
    }
    List<String> warnings = new ArrayList<>(conf.warnings());
    conf.values().keySet().stream()
        .filter(key -> !KEYS.contains(key))
        .forEach(key -> warnings.add(key + " is not a key of lamina.conf and does nothing"));
    return new Result(config, List.copyOf(warnings));
  }

  private HostConfig build(Path configDir) {
    Path state = path("STATE_DIR", Path.of("/var/lib/lamina"));
    Path libexec = path("LIBEXEC", Path.of("/usr/lib/lamina"));
    return new HostConfig(
        configDir,
        state,
        path("TEMPLATE", state.resolve("template")),
        perContainer("VE_PRIVATE", state.resolve("private")),
        perContainer("VE_ROOT", state.resolve("root")),
        path("DATABASE_DIR", state.resolve("db")),
        path("RUN_DIR", Path.of("/run/lamina")),
        path("DEFINITIONS_DIR", Path.of("/usr/share/lamina/templates.d")),
        libexec,
        word("DEF_OSTEMPLATE"),
        word("CONFIGFILE"),
        Duration.ofSeconds(
            number("STOP_TIMEOUT", 1, 3600, (int) HostConfig.DEFAULT_STOP_TIMEOUT.toSeconds())),
        number("VE_PARALLEL", 1, 1024, defaultParallel()),
        yes("VIRTUOZZO", true),
        idBase(),
        matching("LAMINA_GROUP", "lamina", GROUP),
        matching("CGROUP", "lamina", Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")),
        path("LXCFS", Path.of("/usr/bin/lxcfs")),
        uplinks(),
        yes("SKIP_ARPDETECT", false),
        layout());
  }

  private @Nullable DiskLayout layout() {
    String text = conf.get("VE_LAYOUT").orElse("");
    if (text.isEmpty() || text.equals("auto")) {
      return null;
    }
    DiskLayout layout = DiskLayout.of(text).orElse(null);
    if (layout == null) {
      problems.add("VE_LAYOUT is none of auto, quota, btrfs, image and dir");
    }
    return layout;
  }

  private String uplinks() {
    String text = conf.get("NEIGHBOUR_DEVS").orElse("");
    if (!text.isEmpty() && !UPLINKS.matcher(text).matches()) {
      problems.add("NEIGHBOUR_DEVS is neither detect, nor all, nor list:INTERFACE...");
    }
    return text.isEmpty() ? "detect" : text;
  }

  private static int defaultParallel() {
    return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
  }

  private Path path(String key, Path fallback) {
    String text = conf.get(key).orElse("");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      problems.add(key + " is not a path: " + e.getReason());
      return fallback;
    }
    problems.add(key + " is not an absolute path");
    return fallback;
  }

  /** Containers lie side by side: the value ends in {@code /$VEID} or leaves it out. */
  private Path perContainer(String key, Path fallback) {
    String text = conf.get(key).orElse("");
    String parent = text.replaceFirst("/\\$(VEID|\\{VEID})/?$", "");
    if (parent.contains("$")) {
      problems.add(key + " may have $VEID as its last part only");
      return fallback;
    }
    if (parent.isEmpty()) {
      return fallback;
    }
    HostConfigReader part = new HostConfigReader(ConfFile.EMPTY.with(key, parent));
    Path path = part.path(key, fallback);
    problems.addAll(part.problems);
    return path;
  }

  private @Nullable String word(String key) {
    String text = conf.get(key).orElse("");
    if (text.isEmpty()) {
      return null;
    }
    if (!FileWord.isOne(text)) {
      problems.add(key + " is not a plain name");
    }
    return text;
  }

  private String matching(String key, String fallback, Pattern form) {
    String text = conf.get(key).orElse(fallback);
    if (!form.matcher(text).matches()) {
      problems.add(key + " is not a plain name");
      return fallback;
    }
    return text;
  }

  private int number(String key, int min, int max, int fallback) {
    String text = conf.get(key).orElse("");
    if (text.isEmpty()) {
      return fallback;
    }
    if (text.matches("[0-9]{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    problems.add(key + " is not a number from " + min + " to " + max);
    return fallback;
  }

  private boolean yes(String key, boolean fallback) {
    return switch (conf.get(key).orElse("").toLowerCase(Locale.ROOT)) {
      case "" -> fallback;
      case "yes", "on", "true", "1" -> true;
      case "no", "off", "false", "0" -> false;
      default -> {
        problems.add(key + " is neither yes nor no");
        yield fallback;
      }
    };
  }

  private int idBase() {
    int base = number("LOCAL_UID", IdRange.SIZE, 999_999_999, HostConfig.DEFAULT_ID_BASE);
    if (base % IdRange.SIZE != 0) {
      problems.add("LOCAL_UID is not a multiple of " + IdRange.SIZE);
      return HostConfig.DEFAULT_ID_BASE;
    }
    return base;
  }
}
