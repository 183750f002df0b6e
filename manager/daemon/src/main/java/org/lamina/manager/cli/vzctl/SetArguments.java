package org.lamina.manager.cli.vzctl;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.ConfigChange;
import org.lamina.manager.core.SettingsChange;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.Labels;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;

/**
 * What one {@code vzctl set} asks for.
 *
 * @param container CTID or name as typed
 * @param restart a running container is to be restarted for what takes effect at the start only
 * @param changes false if the command line names nothing to change
 */
record SetArguments(
    String container, SettingsChange change, boolean save, boolean restart, boolean changes) {
  private static final String COMMAND = "vzctl set";

  /** What exists only in the saved configuration, so that setting it without saving is nothing. */
  private static final List<String> SAVED_ONLY =
      List.of(
          "--name",
          "--description",
          "--onboot",
          "--bootorder",
          "--disabled",
          "--stop-timeout",
          "--applyconfig_map",
          "--label",
          "--diskspace",
          "--diskinodes",
          "--quotatime",
          "--capability");

  static SetArguments read(Parsed parsed) {
    String container = parsed.atMost(1, COMMAND).container(COMMAND);
    if (container.matches("0+")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "vzctl set 0 (the host itself) is not in this release");
    }
    boolean save = parsed.has("--save");
    checkSaved(parsed, save);
    checkMode(parsed, save);
    Set<String> asked = new LinkedHashSet<>(parsed.given());
    asked.removeAll(List.of("--save", "--setmode"));
    SettingsChange change =
        new SettingsChange(
            limits(parsed),
            parsed.get("--hostname"),
            parsed.get("--name"),
            parsed.get("--description"),
            value(parsed, "--onboot", t -> Values.yesNo("--onboot", t)),
            value(parsed, "--bootorder", t -> Values.integer("--bootorder", t, 0, 1_000_000_000)),
            value(parsed, "--disabled", t -> Values.yesNo("--disabled", t)),
            value(parsed, "--stop-timeout", t -> Values.integer("--stop-timeout", t, 0, 3600)),
            value(parsed, "--userpasswd", SetArguments::userPassword),
            config(parsed, asked),
            NetworkOptions.read(parsed),
            labels(parsed.get("--label")));
    boolean restart = "restart".equals(parsed.get("--setmode")) && parsed.has("--capability");
    return new SetArguments(container, change, save, restart, !asked.isEmpty());
  }

  private static void checkSaved(Parsed parsed, boolean save) {
    if (save) {
      return;
    }
    for (String option : SAVED_ONLY) {
      if (parsed.has(option)) {
        throw new LaminaException(
            option.equals("--name") ? ExitCode.NAME_FAILED : ExitCode.USAGE,
            COMMAND + ": " + option + " needs --save",
            "It is part of the saved configuration only.");
      }
    }
  }

  private static void checkMode(Parsed parsed, boolean save) {
    String mode = parsed.get("--setmode");
    if (mode == null) {
      return;
    }
    if (!mode.equals("restart") && !mode.equals("ignore")) {
      throw Values.bad("--setmode", mode, "Write restart or ignore.");
    }
    if (mode.equals("restart") && !save) {
      throw new LaminaException(
          ExitCode.USAGE, COMMAND + ": --setmode restart needs --save", "Add --save.");
    }
  }

  private static ConfigChange config(Parsed parsed, Set<String> asked) {
    boolean reset = parsed.has("--reset_ub");
    if (reset && asked.size() > 1) {
      throw new LaminaException(
          ExitCode.USAGE,
          COMMAND + ": --reset_ub goes with no other option",
          "It puts the saved limits on the running container, nothing else.");
    }
    if (parsed.has("--applyconfig") && parsed.has("--applyconfig_map")) {
      throw new LaminaException(
          ExitCode.USAGE,
          COMMAND + ": --applyconfig names the sample already",
          "Give one of --applyconfig and --applyconfig_map.");
    }
    return new ConfigChange(
        KeptOptions.read(parsed),
        parsed.get("--applyconfig"),
        parsed.get("--applyconfig_map"),
        reset,
        binds(parsed.get("--bindmount_add")),
        targets(parsed.get("--bindmount_del")),
        disk(parsed),
        access(parsed));
  }

  /** The limits of the disk, the same for {@code create} and {@code set}. */
  static DiskLimits disk(Parsed parsed) {
    DiskLimits.Pair space = value(parsed, "--diskspace", t -> Values.diskSpace("--diskspace", t));
    DiskLimits.Pair inodes =
        value(parsed, "--diskinodes", t -> Values.diskInodes("--diskinodes", t));
    Integer grace =
        parsed.has("--quotatime")
            ? value(
                parsed,
                "--quotatime",
                t -> Values.integer("--quotatime", t, 0, DiskLimits.MOST_GRACE))
            : null;
    return DiskLimits.of(space, inodes, grace);
  }

  private static GuestAccess access(Parsed parsed) {
    return new GuestAccess(
        given(parsed, "--devnodes", GuestAccess::nodes, List.of()),
        given(parsed, "--devices", GuestAccess::devices, List.of()),
        given(parsed, "--capability", GuestAccess::capabilities, new TreeMap<>()),
        given(parsed, "--features", GuestAccess::features, new TreeMap<>()));
  }

  private static <T> T given(Parsed parsed, String option, Function<String, T> read, T otherwise) {
    if (!parsed.has(option)) {
      return otherwise;
    }
    try {
      return read.apply(String.join(" ", parsed.all(option)));
    } catch (LaminaException e) {
      throw new LaminaException(e.exitCode(), option + ": " + e.text(), e.hint().orElse(null), e);
    }
  }

  private static List<BindMount> binds(@Nullable String text) {
    return text == null ? List.of() : BindMount.parseAll(text);
  }

  private static List<String> targets(@Nullable String text) {
    if (text == null) {
      return List.of();
    }
    if (text.strip().equals(ConfigChange.ALL)) {
      return List.of(ConfigChange.ALL);
    }
    return BindMount.parseAll(text).stream().map(BindMount::target).toList();
  }

  private static Limits limits(Parsed parsed) {
    CpuList cpuMask = value(parsed, "--cpumask", t -> Values.list("--cpumask", t));
    CpuList nodeMask = value(parsed, "--nodemask", t -> Values.list("--nodemask", t));
    if (nodeMask != null && nodeMask.isAuto()) {
      throw Values.bad("--nodemask", "auto", "Write node numbers, or all.");
    }
    if ((nodeMask != null && cpuMask == null)
        || (cpuMask != null && cpuMask.isAuto() && nodeMask == null)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          COMMAND
              + (nodeMask == null
                  ? ": --cpumask auto needs --nodemask"
                  : ": --nodemask needs --cpumask"),
          "Give both, such as --nodemask 0 --cpumask auto.");
    }
    return new LimitsBuilder()
        .ram(memory(parsed, "--ram", "--physpages"))
        .swap(memory(parsed, "--swap", "--swappages"))
        .guarantee(value(parsed, "--memguarantee", t -> Values.percentOrAuto("--memguarantee", t)))
        .cpuPercent(value(parsed, "--cpulimit", t -> Values.cpuLimit("--cpulimit", t)))
        .cpuUnits(value(parsed, "--cpuunits", t -> Values.integer("--cpuunits", t, 8, 500_000)))
        .cpus(
            value(
                parsed,
                "--cpus",
                t -> (int) Values.wholeOrUnlimited("--cpus", t, LimitKeys.MAX_CPUS)))
        .cpuMask(cpuMask)
        .nodeMask(nodeMask)
        .ioPriority(
            value(
                parsed,
                "--ioprio",
                t -> Values.integer("--ioprio", t, 0, LimitKeys.MAX_IO_PRIORITY)))
        .ioLimit(
            value(parsed, "--iolimit", t -> Values.rate("--iolimit", t, LimitKeys.MIN_IO_LIMIT)))
        .iopsLimit(value(parsed, "--iopslimit", SetArguments::operations))
        .numproc(value(parsed, "--numproc", t -> Values.count("--numproc", t)))
        .numfile(value(parsed, "--numfile", t -> Values.count("--numfile", t)))
        .numpty(value(parsed, "--numpty", t -> Values.count("--numpty", t)))
        .build();
  }

  private static long operations(String text) {
    // The kernel keeps them in 32 bits.
    long rate = Values.wholeOrUnlimited("--iopslimit", text, (1L << 32) - 1);
    return rate == 0 ? Long.MAX_VALUE : rate;
  }

  private static @Nullable ByteSize memory(Parsed parsed, String option, String inPages) {
    ByteSize size = value(parsed, option, t -> Values.memory(option, t));
    ByteSize pages = value(parsed, inPages, t -> Values.pages(inPages, t));
    if (size != null && pages != null) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          COMMAND + ": " + option + " and " + inPages + " set the same limit",
          "Give one of them.");
    }
    ByteSize asked = size != null ? size : pages;
    if (asked != null && asked.bytes() == 0 && option.equals("--ram")) {
      throw Values.bad(size != null ? option : inPages, "0", "A container needs memory to run.");
    }
    return asked;
  }

  private static String userPassword(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1 || text.chars().anyMatch(c -> c < ' ')) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad value for --userpasswd",
          "Write USER:PASSWORD on one line, such as root:secret.");
    }
    return text;
  }

  private static Map<String, String> labels(@Nullable String text) {
    return text == null ? Map.of() : Labels.changes(text);
  }

  private static <T> @Nullable T value(Parsed parsed, String option, Function<String, T> read) {
    String text = parsed.get(option);
    return text == null ? null : read.apply(text);
  }
}
