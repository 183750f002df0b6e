package org.lamina.manager.core;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BindMount;
import org.lamina.schema.ConfFile;
import org.lamina.schema.ContainerName;
import org.lamina.schema.Ctid;
import org.lamina.schema.Description;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.Hostname;
import org.lamina.schema.IdRange;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.Labels;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.Printable;

/**
 * {@code ve.conf} in the private area: all that is needed to take the container into a database
 * that does not know it. The database is the truth; this file is written from it.
 */
final class VeConf {
  /** Keys that describe one container and have a field of their own. */
  private static final Set<String> IDENTITY =
      Set.of(
          "VEID",
          "UUID",
          "NAME",
          "HOSTNAME",
          "DESCRIPTION",
          "OSTEMPLATE",
          "LAMINA_GENERATION",
          "LAMINA_ID_BASE",
          "LAMINA_CREATED",
          "ORIGIN_SAMPLE");

  /** Kept keys that nevertheless belong to one container, not to a sample. */
  private static final Set<String> NEVER_SAMPLED = Set.of("VE_ROOT", "VE_PRIVATE");

  private static final Set<String> SETTINGS =
      Set.of("ONBOOT", "BOOTORDER", "DISABLED", "STOP_TIMEOUT", "LAMINA_LABELS", "BINDMOUNT");

  private VeConf() {}

  /** Puts every value of the container into the file; comments and order of the base stay. */
  static ConfFile render(Container c, ConfFile base) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    values.put("VEID", c.ctid().toString());
    values.put("UUID", c.uuid().toString());
    values.put("NAME", c.name());
    values.put("HOSTNAME", c.hostname());
    values.put("DESCRIPTION", c.description());
    values.put("OSTEMPLATE", c.template());
    values.put("LAMINA_GENERATION", Integer.toString(c.generation()));
    values.put("LAMINA_ID_BASE", Integer.toString(c.ids().base()));
    values.put("LAMINA_CREATED", c.created().toString());
    values.put("ORIGIN_SAMPLE", c.sample());
    values.put("ONBOOT", c.onboot() == null ? null : c.onboot() ? "yes" : "no");
    values.put("BOOTORDER", c.bootOrder() == null ? null : c.bootOrder().toString());
    values.put("DISABLED", c.disabled() ? "yes" : null);
    values.put(
        "STOP_TIMEOUT", c.stopTimeoutSeconds() == null ? null : c.stopTimeoutSeconds().toString());
    values.put("LAMINA_LABELS", c.labels().isEmpty() ? null : c.labels().toString());
    LimitKeys.render(c.limits(), values);
    values.putAll(c.network().toKeys());
    c.disk().render(values);
    c.access().render(values);
    values.put("BINDMOUNT", c.bindMounts().isEmpty() ? null : BindMount.render(c.bindMounts()));
    values.putAll(c.extra());

    ConfFile file = base;
    for (String key : base.values().keySet()) {
      if (!values.containsKey(key)) {
        file = file.with(key, null);
      }
    }
    for (Map.Entry<String, @Nullable String> e : values.entrySet()) {
      file = file.with(e.getKey(), e.getValue());
    }
    return file;
  }

  /**
   * Reads a container back, for the CTID it is to have here.
   *
   * @param where named in messages
   * @throws LaminaException BAD_CONFIG naming the key, or the refusal of a name in it
   */
  static Container read(ConfFile file, Ctid ctid, String where) {
    Keys keys = new Keys(file, where);
    UUID uuid = keys.need("UUID", UUID::fromString);
    return Container.of(
            ctid,
            uuid,
            keys.need(
                "OSTEMPLATE", t -> FileWord.check(t, "template", ExitCode.TEMPLATE_NOT_FOUND)),
            keys.need("LAMINA_GENERATION", VeConf::notNegative),
            keys.need("LAMINA_ID_BASE", t -> new IdRange(notNegative(t))),
            keys.taken("LAMINA_CREATED", VeConf::instant, Instant.now()))
        .name(keys.take("NAME", t -> new ContainerName(t).value()))
        .hostname(keys.take("HOSTNAME", t -> new Hostname(t).value()))
        .description(keys.take("DESCRIPTION", t -> new Description(t).value()))
        .sample(
            keys.take("ORIGIN_SAMPLE", t -> FileWord.check(t, "sample", ExitCode.SAMPLE_MISSING)))
        .onboot(keys.take("ONBOOT", VeConf::yes))
        .bootOrder(keys.take("BOOTORDER", Integer::valueOf))
        .disabled(Boolean.TRUE.equals(keys.take("DISABLED", VeConf::yes)))
        .stopTimeoutSeconds(keys.take("STOP_TIMEOUT", VeConf::stopTimeout))
        .limits(LimitKeys.read(keys))
        .network(network(file, where, new InterfaceIdentity(ctid, uuid)))
        .labels(keys.taken("LAMINA_LABELS", Labels::parse, Labels.NONE))
        .disk(DiskLimits.read(keys))
        .access(GuestAccess.read(keys))
        .bindMounts(keys.taken("BINDMOUNT", BindMount::parseAll, List.of()))
        .extra(extra(file))
        .build();
  }

  /** Keys of a file that Lamina keeps without acting on them, sorted. */
  static Map<String, String> extra(ConfFile file) {
    Map<String, String> extra = new TreeMap<>(file.values());
    extra.keySet().removeAll(IDENTITY);
    extra.keySet().removeAll(SETTINGS);
    extra.keySet().removeAll(LimitKeys.ALL);
    extra.keySet().removeAll(NetworkConfig.KEYS);
    extra.keySet().removeAll(DiskLimits.KEYS);
    extra.keySet().removeAll(GuestAccess.KEYS);
    return extra;
  }

  private static NetworkConfig network(
      ConfFile file, String where, @Nullable InterfaceIdentity identity) {
    try {
      return NetworkConfig.read(file::get, identity);
    } catch (LaminaException e) {
      throw new LaminaException(ExitCode.BAD_CONFIG, where + ": " + e.text(), null, e);
    }
  }

  /** Addresses and ports belong to one container; name servers are the same for many. */
  private static NetworkConfig sampled(ConfFile file, String where) {
    NetworkConfig network = network(file.with("NETIF", null), where, null);
    return new NetworkConfig(
        List.of(), network.nameservers(), network.searchDomains(), List.of(), network.rate());
  }

  static boolean yes(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("is neither yes nor no");
    };
  }

  static @Nullable Integer stopTimeout(String text) {
    int seconds = notNegative(text);
    if (seconds > 3600) {
      throw new IllegalArgumentException("is more than 3600 seconds");
    }
    return seconds == 0 ? null : Integer.valueOf(seconds);
  }

  private static int notNegative(String text) {
    int value = Integer.parseInt(text);
    if (value < 0) {
      throw new IllegalArgumentException("is negative");
    }
    return value;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("is not a time", e);
    }
  }

  /** Typed access to a file whose bad values are told with key and file. */
  record Keys(ConfFile file, String where) implements LimitKeys.Source {
    @Override
    public <T> @Nullable T take(String key, Function<String, ? extends @Nullable T> read) {
      String text = file.get(key).orElse("");
      if (text.isEmpty()) {
        return null;
      }
      try {
        return read.apply(text);
      } catch (LaminaException e) {
        throw new LaminaException(
            ExitCode.BAD_CONFIG, where + ": " + key + ": " + e.text(), null, e);
      } catch (IllegalArgumentException e) {
        throw new LaminaException(
            ExitCode.BAD_CONFIG,
            where
                + ": "
                + key
                + "=\""
                + Printable.shorten(text, 40)
                + "\" "
                + (e instanceof NumberFormatException ? "is not a number" : e.getMessage()),
            null,
            e);
      }
    }

    <T> T need(String key, Function<String, ? extends T> read) {
      T value = take(key, read::apply);
      if (value == null) {
        throw new LaminaException(ExitCode.BAD_CONFIG, where + ": " + key + " is missing");
      }
      return value;
    }

    <T> T taken(String key, Function<String, ? extends T> read, T fallback) {
      T value = take(key, read::apply);
      return value == null ? fallback : value;
    }
  }

  /** What a sample gives to a new container. */
  record Sample(
      Limits limits,
      NetworkConfig network,
      @Nullable String template,
      @Nullable Boolean onboot,
      @Nullable Integer bootOrder,
      @Nullable Integer stopTimeoutSeconds,
      DiskLimits disk,
      GuestAccess access,
      Map<String, String> extra,
      List<String> warnings) {
    static final Sample NONE =
        new Sample(
            Limits.NONE,
            NetworkConfig.NONE,
            null,
            null,
            null,
            null,
            DiskLimits.NONE,
            GuestAccess.NONE,
            Map.of(),
            List.of());

    /** This sample with other limits of the disk. */
    Sample with(DiskLimits limits) {
      return new Sample(
          this.limits,
          network,
          template,
          onboot,
          bootOrder,
          stopTimeoutSeconds,
          limits,
          access,
          extra,
          warnings);
    }
  }

  static Sample sample(ConfFile file, String where) {
    Keys keys = new Keys(file, where);
    Map<String, String> extra = extra(file);
    extra.keySet().removeAll(NEVER_SAMPLED);
    return new Sample(
        LimitKeys.read(keys),
        sampled(file, where),
        keys.take("OSTEMPLATE", t -> FileWord.check(t, "template", ExitCode.TEMPLATE_NOT_FOUND)),
        keys.take("ONBOOT", VeConf::yes),
        keys.take("BOOTORDER", Integer::valueOf),
        keys.take("STOP_TIMEOUT", VeConf::stopTimeout),
        DiskLimits.read(keys),
        GuestAccess.read(keys),
        extra,
        file.warnings());
  }
}
