package org.lamina.console.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.client.TemplateInfo;
import org.lamina.console.line.Source;
import org.lamina.console.view.Human;
import org.lamina.schema.LaminaException;

/**
 * The words that exist now, from the API, kept for a moment so that Tab is quick. Not thread safe.
 * A daemon that is away has no words, and completion says nothing of it.
 */
public final class Vocabulary {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final int OPERATIONS = 50;

  /** A word and what it stands for. */
  public record Entry(String word, String meaning) {}

  private record Kept(List<Entry> entries, long at) {}

  private final Daemon daemon;
  private final LongSupplier nanos;
  private final Map<Source, Kept> kept = new HashMap<>();

  /**
   * @param daemon one that does not wait for a daemon that is away
   * @param nanos a clock like {@link System#nanoTime}
   */
  public Vocabulary(Daemon daemon, LongSupplier nanos) {
    this.daemon = daemon;
    this.nanos = nanos;
  }

  /** The words of a source; none for those that do not come from the daemon. */
  public List<Entry> of(Source source) {
    return switch (source) {
      case CONTAINERS -> fresh(source, () -> containers(c -> true));
      case RUNNING -> fresh(source, () -> containers(ContainerInfo::running));
      case STOPPED -> fresh(source, () -> containers(c -> !c.running()));
      case TEMPLATES -> fresh(source, () -> templates(t -> t.newest() != null));
      case DEFINITIONS -> fresh(source, () -> templates(t -> true));
      case LABELS -> fresh(source, this::labels);
      case OPERATIONS -> fresh(source, this::operations);
      case NOTHING, COMMANDS -> List.of();
    };
  }

  /** Forgets everything, because something was changed from here. */
  public void forget() {
    kept.clear();
  }

  private List<Entry> fresh(Source source, Supplier<List<Entry>> ask) {
    Kept old = kept.get(source);
    if (old != null && nanos.getAsLong() - old.at() < FRESH.toNanos()) {
      return old.entries();
    }
    try {
      List<Entry> entries = ask.get();
      kept.put(source, new Kept(entries, nanos.getAsLong()));
      return entries;
    } catch (LaminaException e) {
      return List.of();
    }
  }

  private List<Entry> containers(Predicate<ContainerInfo> wanted) {
    List<Entry> entries = new ArrayList<>();
    for (ContainerInfo c : daemon.containers()) {
      if (wanted.test(c)) {
        String name = c.name();
        entries.add(
            new Entry(Integer.toString(c.ctid()), (name == null ? "" : name + ", ") + c.status()));
        if (name != null) {
          entries.add(new Entry(name, c.ctid() + ", " + c.status()));
        }
      }
    }
    return entries;
  }

  private List<Entry> labels() {
    TreeMap<String, Integer> users = new TreeMap<>();
    for (ContainerInfo c : daemon.containers()) {
      c.labels()
          .forEach((key, value) -> users.merge("label:" + key + "=" + value, 1, Integer::sum));
    }
    return users.entrySet().stream()
        .map(e -> new Entry(e.getKey(), Human.count(e.getValue(), "container")))
        .toList();
  }

  private List<Entry> templates(Predicate<TemplateInfo> wanted) {
    return daemon.templates().stream()
        .filter(wanted)
        .map(t -> {
          String summary = t.summary();
          return new Entry(t.name(), summary == null ? "" : summary);
        })
        .toList();
  }

  private List<Entry> operations() {
    return daemon.operations(OPERATIONS).stream()
        .filter(OperationInfo::running)
        .map(o -> new Entry(Long.toString(o.id()), o.kind() + " " + o.target()))
        .toList();
  }
}
