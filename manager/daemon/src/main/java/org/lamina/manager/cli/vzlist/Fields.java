package org.lamina.manager.cli.vzlist;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Counters;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.Traffic;
import org.lamina.agent.Usage;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.Limits;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;

/** The columns vzlist knows, in the order in which {@code -L} and JSON give them. */
final class Fields {
  private static final long PAGE = 4096;

  private final List<Field> all = new ArrayList<>();
  private final Map<String, Field> byName = new LinkedHashMap<>();

  /**
   * @param clock gives the time that uptime counts to
   */
  Fields(Clock clock) {
    identity();
    usageAndLimits(clock);
    settings();
    all.forEach(f -> f.names().forEach(n -> byName.put(n, f)));
  }

  private void identity() {
    number(List.of("ctid", "veid", "vpsid"), "CTID", 10, v -> (long) v.container().ctid().value());
    text("private", "PRIVATE", 32, v -> v.privateArea().toString());
    text("root", "ROOT", 32, v -> v.root().toString());
    text("hostname", "HOSTNAME", 32, of(Container::hostname));
    text("name", "NAME", 32, of(Container::name));
    add(
        new Field(
            List.of("smart_name"),
            "SMARTNAME",
            10,
            true,
            Fields::smartName,
            Fields::smartName,
            byText(Fields::smartName)));
    text("description", "DESCRIPTION", 32, of(Container::description));
    add(
        new Field(
            List.of("labels"),
            "LABELS",
            32,
            false,
            Fields::labels,
            v -> v.container().labels().values(),
            byText(Fields::labels)));
    text(List.of("ostemplate", "template"), "OSTEMPLATE", 24, of(Container::template));
    number(List.of("generation"), "GEN", 4, v -> (long) v.container().generation());
    text("origin_sample", "ORIGIN_SAMPLE", 16, of(Container::sample));
    text("uuid", "UUID", 36, v -> v.container().uuid().toString());
    list("ip", "IP_ADDR", 15, v -> network(v).owned().stream());
    list("configured_ip", "IP_ADDR", 15, v -> v.container().network().owned().stream());
    list("nameserver", "NAMESERVER", 15, v -> network(v).nameservers().stream());
    list("searchdomain", "SEARCHDOMAIN", 15, v -> network(v).searchDomains().stream());
    number(
        List.of("rate"),
        "RATE",
        9,
        v -> network(v).rate().isLimited() ? network(v).rate().kbit() : null);
    list("netif", "NETIF", 15, v -> network(v).interfaces().stream());
    list("ifname", "IFNAME", 8, v -> network(v).interfaces().stream().map(Netif::name));
    list("mac", "MAC", 17, v -> network(v).interfaces().stream().map(Netif::mac));
    list("host_ifname", "HOST_IFNAME", 15, v -> hostNames(network(v)));
    list("host_mac", "HOST_MAC", 17, v -> network(v).interfaces().stream().map(Netif::hostMac));
    list("bridge", "BRIDGE", 10, v -> network(v).interfaces().stream().mapMulti(Fields::bridge));
    list("gw", "GW", 15, v -> network(v).interfaces().stream().mapMulti(Fields::gateways));
    list("netdev", "NETDEV", 15, v -> network(v).devices().stream());
    list("publish", "PUBLISH", 15, v -> network(v).ports().stream());
    text("status", "STATUS", 9, v -> v.status().word());
  }

  private void usageAndLimits(Clock clock) {
    counter(
        "numproc",
        "NPROC",
        ContainerView::processes,
        counted(Counters::processesPeak),
        limit(Limits::numproc),
        counted(Counters::processesHits));
    number(List.of("numproc.m"), "NPROC.M", 10, counted(Counters::processesPeak));
    number(List.of("numproc.b"), "NPROC.B", 10, limit(Limits::numproc));
    number(List.of("numproc.l"), "NPROC.L", 10, limit(Limits::numproc));
    number(List.of("numproc.f"), "NPROC.F", 10, counted(Counters::processesHits));
    counter(
        "physpages",
        "PHYSP",
        v -> used(v, u -> u.memory() / PAGE),
        inPages(counted(Counters::memoryPeak)),
        limit(l -> pages(l.ram())),
        counted(Counters::memoryHits));
    number(List.of("physpages.m"), "PHYSP.M", 10, inPages(counted(Counters::memoryPeak)));
    number(List.of("physpages.b"), "PHYSP.B", 10, limit(l -> pages(l.ram())));
    number(List.of("physpages.l"), "PHYSP.L", 10, limit(l -> pages(l.ram())));
    number(List.of("physpages.f"), "PHYSP.F", 10, counted(Counters::memoryHits));
    counter(
        "swappages",
        "SWAPP",
        inPages(counted(Counters::swap)),
        v -> null,
        limit(l -> pages(l.swap())),
        v -> null);
    number(List.of("swappages.b"), "SWAPP.B", 10, limit(l -> pages(l.swap())));
    number(List.of("swappages.l"), "SWAPP.L", 10, limit(l -> pages(l.swap())));
    bytes("memory", "MEMORY", v -> used(v, Usage::memory));
    bytes("ram", "RAM", limit(l -> l.ram() == null ? null : l.ram().bytes()));
    bytes("swap", "SWAP", limit(l -> l.swap() == null ? null : l.swap().bytes()));
    add(
        new Field(
            List.of("cpulimit"),
            "CPULIM",
            7,
            true,
            v -> percent(v.container().limits().cpuPercent()),
            v -> v.container().limits().cpuPercent(),
            Comparator.comparing(v -> v.container().limits().cpuPercent(), nullsLast())));
    number(
        List.of("cpuunits"),
        "CPUUNI",
        7,
        limit(l -> l.cpuUnits() == null ? null : l.cpuUnits().longValue()));
    number(List.of("cpus"), "CPUS", 5, limit(l -> l.cpus() == null ? null : l.cpus().longValue()));
    text("cpumask", "CPUMASK", 12, v -> list(v.container().limits().cpuMask()));
    text("nodemask", "NODEMASK", 8, v -> list(v.container().limits().nodeMask()));
    number(
        List.of("memguarantee"),
        "MEMGUAR",
        7,
        limit(l -> l.guarantee() == null ? null : l.guarantee().longValue()));
    number(
        List.of("ioprio"),
        "IOPRIO",
        6,
        limit(l -> l.ioPriority() == null ? null : l.ioPriority().longValue()));
    number(
        List.of("iolimit"),
        "IOLIMIT",
        12,
        limit(l -> l.ioLimit() == null ? null : l.ioLimit().bytes()));
    number(List.of("iopslimit"), "IOPSLIM", 10, limit(Limits::iopsLimit));
    number(List.of("numfile", "numfile.l"), "NUMFILE", 10, limit(Limits::numfile));
    number(List.of("numpty", "numpty.l"), "NUMPTY", 10, limit(Limits::numpty));
    disk(
        "diskspace",
        "DSPACE",
        v -> kibibytes(onDisk(v, DiskUsage::space)),
        v -> kibibytes(v.container().disk().softSpace()),
        v -> kibibytes(v.container().disk().space()));
    disk(
        "diskinodes",
        "DINODES",
        v -> onDisk(v, DiskUsage::inodes),
        v -> v.container().disk().softInodes(),
        v -> v.container().disk().inodes());
    number(
        List.of("quotatime"),
        "QUOTATIME",
        9,
        v ->
            v.container().disk().grace() == null
                ? null
                : Long.valueOf(v.container().disk().grace()));
    bytes("netin", "NETIN", v -> traffic(v, Traffic::receivedBytes));
    bytes("netout", "NETOUT", v -> traffic(v, Traffic::sentBytes));
    number(List.of("netin.p"), "NETIN.P", 10, v -> traffic(v, Traffic::receivedPackets));
    number(List.of("netout.p"), "NETOUT.P", 10, v -> traffic(v, Traffic::sentPackets));
    Function<ContainerView, @Nullable Long> uptime = v -> uptime(v, clock);
    add(
        new Field(
            List.of("uptime"),
            "UPTIME",
            15,
            true,
            v -> dayTime(uptime.apply(v)),
            uptime::apply,
            Comparator.comparing(uptime, nullsLast())));
  }

  private void settings() {
    flag("onboot", "ONBOOT", v -> v.container().onboot());
    number(
        List.of("bootorder"),
        "BOOTORDER",
        10,
        v -> v.container().bootOrder() == null ? null : v.container().bootOrder().longValue());
    flag("disabled", "DISABL", v -> v.container().disabled());
    flag("privileged", "PRIVIL", v -> v.container().ids().privileged());
    flag("ready", "READY", v -> v.startedAt() == null ? null : v.ready());
    text(
        "bindmount",
        "BINDMOUNT",
        32,
        v ->
            v.container().bindMounts().isEmpty()
                ? null
                : BindMount.render(v.container().bindMounts()));
    text("layout", "LAYOUT", 7, v -> v.disk().get().layout().word());
    text("devnodes", "DEVNODES", 16, v -> v.container().access().nodesText());
    text("device", "DEVICES", 16, v -> v.container().access().devicesText());
    switches("capability", "CAPABILITY", v -> v.container().access().capabilities());
    switches("features", "FEATURES", v -> v.container().access().features());
    text("operation", "OPERATION", 12, ContainerView::operation);
  }

  List<Field> all() {
    return List.copyOf(all);
  }

  @Nullable Field named(String name) {
    return byName.get(name);
  }

  Collection<String> names() {
    return byName.keySet();
  }

  private void add(Field field) {
    all.add(field);
  }

  private void text(
      String name, String header, int width, Function<ContainerView, @Nullable String> value) {
    text(List.of(name), header, width, value);
  }

  private void text(
      List<String> names,
      String header,
      int width,
      Function<ContainerView, @Nullable String> value) {
    add(new Field(names, header, width, false, value, value::apply, byText(value)));
  }

  /** Only the first shows in a table whose columns are cut. */
  private void list(
      String name, String header, int width, Function<ContainerView, Stream<?>> values) {
    Function<ContainerView, @Nullable String> joined =
        v -> {
          String text = values.apply(v).map(Object::toString).collect(Collectors.joining(" "));
          return text.isEmpty() ? null : text;
        };
    add(
        new Field(
            List.of(name),
            header,
            width,
            false,
            joined,
            v -> values.apply(v).map(Object::toString).toList(),
            byText(joined)));
  }

  private static Stream<String> hostNames(NetworkConfig network) {
    return network.interfaces().stream().map(Netif::hostName);
  }

  private static void bridge(Netif n, Consumer<Object> to) {
    if (n.bridge() != null) {
      to.accept(n.bridge());
    }
  }

  private static void gateways(Netif n, Consumer<Object> to) {
    if (n.gateway4() != null) {
      to.accept(n.gateway4());
    }
    if (n.gateway6() != null) {
      to.accept(n.gateway6());
    }
  }

  /** What holds now where it runs, what is saved elsewhere. */
  private static NetworkConfig network(ContainerView view) {
    return view.network() == null ? view.container().network() : view.network().config();
  }

  private static @Nullable Long traffic(ContainerView view, Function<Traffic, Long> value) {
    Traffic traffic = view.network() == null ? null : view.network().traffic();
    return traffic == null ? null : value.apply(traffic);
  }

  private void number(
      List<String> names, String header, int width, Function<ContainerView, @Nullable Long> value) {
    add(
        new Field(
            names,
            header,
            width,
            true,
            v -> whole(value.apply(v)),
            value::apply,
            Comparator.comparing(value, nullsLast())));
  }

  /** A resource as OpenVZ counts it; in JSON with its limits, and null for what is not counted. */
  private void counter(
      String name,
      String header,
      Function<ContainerView, @Nullable Long> held,
      Function<ContainerView, @Nullable Long> most,
      Function<ContainerView, @Nullable Long> limit,
      Function<ContainerView, @Nullable Long> failures) {
    add(
        new Field(
            List.of(name),
            header,
            10,
            true,
            v -> whole(held.apply(v)),
            v -> {
              Map<String, @Nullable Object> counts = new LinkedHashMap<>();
              counts.put("held", held.apply(v));
              counts.put("maxheld", most.apply(v));
              counts.put("barrier", limit.apply(v));
              counts.put("limit", limit.apply(v));
              counts.put("failcnt", failures.apply(v));
              return counts;
            },
            Comparator.comparing(held, nullsLast())));
  }

  /** Space in KiB as OpenVZ has it; in JSON with its limits. */
  private void disk(
      String name,
      String header,
      Function<ContainerView, @Nullable Long> held,
      Function<ContainerView, @Nullable Long> soft,
      Function<ContainerView, @Nullable Long> hard) {
    add(
        new Field(
            List.of(name),
            header,
            10,
            true,
            v -> whole(held.apply(v)),
            v -> {
              Map<String, @Nullable Object> counts = new LinkedHashMap<>();
              counts.put("usage", held.apply(v));
              counts.put("softlimit", soft.apply(v));
              counts.put("hardlimit", hard.apply(v));
              return counts;
            },
            Comparator.comparing(held, nullsLast())));
    number(List.of(name + ".s"), header + ".S", 10, soft);
    number(List.of(name + ".h"), header + ".H", 10, hard);
  }

  private static @Nullable Long onDisk(
      ContainerView view, Function<DiskUsage, @Nullable Long> value) {
    DiskUsage usage = view.disk().get().usage();
    return usage == null ? null : value.apply(usage);
  }

  private static @Nullable Long kibibytes(@Nullable Long bytes) {
    return bytes == null || bytes == Long.MAX_VALUE ? bytes : Long.valueOf((bytes + 1023) / 1024);
  }

  /** What is on or off; in JSON an object. */
  private void switches(
      String name, String header, Function<ContainerView, Map<?, Boolean>> value) {
    add(
        new Field(
            List.of(name),
            header,
            16,
            false,
            v -> onOff(value.apply(v)),
            v -> words(value.apply(v)),
            byText(v -> onOff(value.apply(v)))));
  }

  private static Map<String, Boolean> words(Map<?, Boolean> switches) {
    Map<String, Boolean> all = new LinkedHashMap<>();
    switches.forEach((key, on) -> all.put(key.toString().toLowerCase(Locale.ROOT), on));
    return all;
  }

  private static @Nullable String onOff(Map<?, Boolean> switches) {
    String joined =
        words(switches).entrySet().stream()
            .map(e -> e.getKey() + (e.getValue() ? ":on" : ":off"))
            .collect(Collectors.joining(" "));
    return joined.isEmpty() ? null : joined;
  }

  private void bytes(String name, String header, Function<ContainerView, @Nullable Long> value) {
    add(
        new Field(
            List.of(name),
            header,
            9,
            true,
            v -> human(value.apply(v)),
            value::apply,
            Comparator.comparing(value, nullsLast())));
  }

  private void flag(String name, String header, Function<ContainerView, @Nullable Boolean> value) {
    add(
        new Field(
            List.of(name),
            header,
            6,
            false,
            v -> yesNo(value.apply(v)),
            value::apply,
            byText(v -> yesNo(value.apply(v)))));
  }

  private static Function<ContainerView, @Nullable String> of(
      Function<Container, @Nullable String> value) {
    return v -> value.apply(v.container());
  }

  private static Function<ContainerView, @Nullable Long> limit(
      Function<Limits, @Nullable Long> value) {
    return v -> value.apply(v.container().limits());
  }

  private static @Nullable Long used(ContainerView view, Function<Usage, Long> value) {
    Usage usage = view.usage();
    return usage == null ? null : value.apply(usage);
  }

  private static Function<ContainerView, @Nullable Long> counted(
      Function<Counters, @Nullable Long> value) {
    return v -> v.usage() == null ? null : value.apply(v.usage().counters());
  }

  private static Function<ContainerView, @Nullable Long> inPages(
      Function<ContainerView, @Nullable Long> bytes) {
    return v -> {
      Long value = bytes.apply(v);
      return value == null ? null : Long.valueOf(value / PAGE);
    };
  }

  private static String smartName(ContainerView view) {
    String name = view.container().name();
    return name != null ? name : view.container().ctid().toString();
  }

  private static @Nullable String list(@Nullable CpuList list) {
    return list == null ? null : list.text();
  }

  private static @Nullable String labels(ContainerView view) {
    return view.container().labels().isEmpty() ? null : view.container().labels().toString();
  }

  private static @Nullable Long pages(@Nullable ByteSize size) {
    return size == null ? null : size.pages();
  }

  private static @Nullable Long uptime(ContainerView view, Clock clock) {
    return view.startedAt() == null
        ? null
        : Math.max(0, Duration.between(view.startedAt(), clock.instant()).toSeconds());
  }

  private static Comparator<ContainerView> byText(Function<ContainerView, @Nullable String> value) {
    return Comparator.comparing(value, nullsLast());
  }

  private static <T extends Comparable<? super T>> Comparator<@Nullable T> nullsLast() {
    return Comparator.nullsLast(Comparator.<T>naturalOrder());
  }

  private static @Nullable String whole(@Nullable Long value) {
    return value == null ? null : value == Long.MAX_VALUE ? "unlimited" : value.toString();
  }

  private static @Nullable String human(@Nullable Long bytes) {
    return bytes == null ? null : new ByteSize(bytes).human();
  }

  private static @Nullable String percent(@Nullable Double value) {
    if (value == null) {
      return null;
    }
    return value == Math.rint(value)
        ? Long.toString(value.longValue())
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static @Nullable String yesNo(@Nullable Boolean value) {
    return value == null ? null : value ? "yes" : "no";
  }

  /** Seconds as {@code 001d02h:03m:04s}. */
  static @Nullable String dayTime(@Nullable Long seconds) {
    return seconds == null
        ? null
        : String.format(
            Locale.ROOT,
            "%03dd%02dh:%02dm:%02ds",
            seconds / 86_400,
            seconds / 3600 % 24,
            seconds / 60 % 60,
            seconds % 60);
  }
}
