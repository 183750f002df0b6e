package org.lamina.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a container may do beyond or below what every container may: devices of the host,
 * capabilities, features of the kernel. Also a change of that, in which rights of none and off take
 * away.
 *
 * @param nodes at most one of each name
 * @param devices at most one of each device
 * @param capabilities by name; false is taken out of the bounding set
 * @param features on or off
 */
public record GuestAccess(
    List<DeviceNode> nodes,
    List<DeviceRule> devices,
    SortedMap<String, Boolean> capabilities,
    SortedMap<Feature, Boolean> features) {
  public static final GuestAccess NONE =
      new GuestAccess(List.of(), List.of(), new TreeMap<>(), new TreeMap<>());

  /** Keys of a configuration file. */
  public static final Set<String> KEYS = Set.of("DEVNODES", "DEVICES", "CAPABILITY", "FEATURES");

  /** A device program has room for many more; nobody means this many. */
  private static final int MOST = 64;

  public GuestAccess {
    nodes = List.copyOf(nodes);
    devices = List.copyOf(devices);
    capabilities = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(capabilities));
    features = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(features));
    if (nodes.size() > MOST || devices.size() > MOST) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "a container can have " + MOST + " devices at most");
    }
  }

  public boolean isEmpty() {
    return nodes.isEmpty() && devices.isEmpty() && capabilities.isEmpty() && features.isEmpty();
  }

  /** What holds after a change: named things replaced, those of no right gone. */
  public GuestAccess with(GuestAccess change) {
    List<DeviceNode> nextNodes = new ArrayList<>(nodes);
    for (DeviceNode node : change.nodes) {
      nextNodes.removeIf(old -> old.name().equals(node.name()));
      nextNodes.add(node);
    }
    nextNodes.removeIf(DeviceNode::isNone);
    List<DeviceRule> nextDevices = new ArrayList<>(devices);
    for (DeviceRule rule : change.devices) {
      nextDevices.removeIf(rule::sameDevice);
      nextDevices.add(rule);
    }
    nextDevices.removeIf(DeviceRule::isNone);
    SortedMap<String, Boolean> nextCapabilities = new TreeMap<>(capabilities);
    nextCapabilities.putAll(change.capabilities);
    SortedMap<Feature, Boolean> nextFeatures = new TreeMap<>(features);
    nextFeatures.putAll(change.features);
    return new GuestAccess(nextNodes, nextDevices, nextCapabilities, nextFeatures);
  }

  /** Every node the container has, those of its features included. */
  public List<DeviceNode> allNodes() {
    Stream<DeviceNode> ofFeatures =
        features.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(e -> e.getKey().node())
            .filter(
                node -> node != null && nodes.stream().noneMatch(n -> n.name().equals(node.name())))
            .map(java.util.Objects::requireNonNull);
    return Stream.concat(nodes.stream(), ofFeatures).toList();
  }

  /** Reads the values of a configuration file. */
  public static GuestAccess read(LimitKeys.Source keys) {
    return new GuestAccess(
        or(keys.take("DEVNODES", GuestAccess::nodes), List.of()),
        or(keys.take("DEVICES", GuestAccess::devices), List.of()),
        or(keys.take("CAPABILITY", GuestAccess::capabilities), new TreeMap<>()),
        or(keys.take("FEATURES", GuestAccess::features), new TreeMap<>()));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  /** Puts every key, null for those that say nothing. */
  public void render(Map<String, @Nullable String> values) {
    values.put("DEVNODES", nodesText());
    values.put("DEVICES", devicesText());
    values.put("CAPABILITY", capabilitiesText());
    values.put("FEATURES", featuresText());
  }

  public @Nullable String nodesText() {
    return joined(nodes.stream());
  }

  public @Nullable String devicesText() {
    return joined(devices.stream());
  }

  public @Nullable String capabilitiesText() {
    return joined(
        capabilities.entrySet().stream()
            .map(e -> e.getKey().toUpperCase(Locale.ROOT) + onOff(e.getValue())));
  }

  public @Nullable String featuresText() {
    return joined(features.entrySet().stream().map(e -> e.getKey().word() + onOff(e.getValue())));
  }

  private static String onOff(boolean on) {
    return on ? ":on" : ":off";
  }

  private static @Nullable String joined(Stream<?> parts) {
    String text = parts.map(Object::toString).collect(Collectors.joining(" "));
    return text.isEmpty() ? null : text;
  }

  /**
   * {@code NAME:RIGHTS}, several with blanks or commas.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static List<DeviceNode> nodes(String text) {
    List<DeviceNode> nodes = words(text).map(DeviceNode::parse).toList();
    requireOnce(text, nodes.stream().map(DeviceNode::name).toList());
    return nodes;
  }

  /**
   * {@code b|c:MAJOR:MINOR:RIGHTS}, several with blanks or commas.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static List<DeviceRule> devices(String text) {
    List<DeviceRule> rules = words(text).map(DeviceRule::parse).toList();
    requireOnce(
        text, rules.stream().map(r -> r.block() + ":" + r.major() + ":" + r.minor()).toList());
    return rules;
  }

  /**
   * {@code NAME:on|off}, several with blanks or commas.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static SortedMap<String, Boolean> capabilities(String text) {
    return switches(text, Capability::parse);
  }

  /**
   * {@code NAME:on|off}, several with blanks or commas.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static SortedMap<Feature, Boolean> features(String text) {
    return switches(text, Feature::parse);
  }

  private static <K extends Comparable<? super K>> SortedMap<K, Boolean> switches(
      String text, Function<String, K> name) {
    SortedMap<K, Boolean> out = new TreeMap<>();
    words(text)
        .forEach(word -> {
          int colon = word.lastIndexOf(':');
          String state = word.substring(colon + 1);
          if (colon < 1 || !state.matches("on|off")) {
            throw new LaminaException(
                ExitCode.BAD_PARAMETER,
                "'" + Printable.shorten(word, 40) + "' is not NAME:on or NAME:off");
          }
          if (out.put(name.apply(word.substring(0, colon)), state.equals("on")) != null) {
            throw twice(word);
          }
        });
    return out;
  }

  private static Stream<String> words(String text) {
    List<String> words =
        Arrays.stream(text.strip().split("[\\s,]+")).filter(w -> !w.isEmpty()).toList();
    if (words.isEmpty()) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "the value is empty");
    }
    return words.stream();
  }

  private static void requireOnce(String text, List<String> names) {
    if (names.stream().distinct().count() != names.size()) {
      throw twice(text);
    }
  }

  private static LaminaException twice(String text) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER, "'" + Printable.shorten(text, 60) + "' names one thing twice");
  }
}
