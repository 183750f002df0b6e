package org.lamina.manager.cli.vzlist;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Program;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.Printable;

/** {@code vzlist}: the table of containers. */
public final class Vzlist implements Program {
  /** vzlist's own: containers were named and there is none of them. */
  private static final int NOT_FOUND = 1;

  private final ContainerService containers;
  private final Fields fields;

  public Vzlist(ContainerService containers, Clock clock) {
    this.containers = containers;
    this.fields = new Fields(clock);
  }

  @Override
  public String name() {
    return "vzlist";
  }

  @Override
  public List<CommandSpec> commands() {
    return List.of(ListOptions.SPEC);
  }

  /** Names for {@code -o}, for shell completion. */
  public List<String> fieldNames() {
    return List.copyOf(fields.names());
  }

  @Override
  public int run(Call call) {
    if (call.args().contains("--help")) {
      call.out().out(ListOptions.SPEC.help());
      return ExitCode.OK.code();
    }
    ListOptions options =
        ListOptions.read(
            ListOptions.SPEC.options().parse("vzlist", singleLetters(call.args())), fields);
    if (options.listFields()) {
      call.out().out(fieldList());
      return ExitCode.OK.code();
    }
    boolean missing = false;
    List<ContainerView> rows = new ArrayList<>();
    for (ContainerView view :
        options.named().isEmpty() ? containers.list() : List.<ContainerView>of()) {
      rows.add(view);
    }
    for (String reference : options.named()) {
      Optional<ContainerView> view = containers.lookup(reference);
      view.filter(v -> !rows.contains(v)).ifPresent(rows::add);
      if (view.isEmpty()) {
        missing = true;
      }
    }
    rows.removeIf(v -> !options.shows(v));
    sort(rows, options);
    print(call, rows, options);
    return missing ? NOT_FOUND : ExitCode.OK.code();
  }

  private void print(Call call, List<ContainerView> rows, ListOptions options) {
    if (options.json()) {
      call.out().outLine(json(rows, options));
    } else if (rows.isEmpty()) {
      call.out().errLine("Container(s) not found");
    } else {
      call.out().out(Table.render(rows, options));
    }
    if (!rows.isEmpty()) {
      for (String reference : options.named()) {
        if (containers.lookup(reference).isEmpty()) {
          call.out().errLine("Container " + Printable.shorten(reference, 40) + " not found");
        }
      }
    }
  }

  private static void sort(List<ContainerView> rows, ListOptions options) {
    Comparator<ContainerView> order = options.sort().order();
    Comparator<ContainerView> byCtid = Comparator.comparing(v -> v.container().ctid());
    rows.sort((options.descending() ? order.reversed() : order).thenComparing(byCtid));
  }

  private static String json(List<ContainerView> rows, ListOptions options) {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (ContainerView row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      options.columns().forEach(f -> object.put(f.name(), f.json().apply(row)));
      objects.add(object);
    }
    return Json.array(objects);
  }

  private String fieldList() {
    StringBuilder out = new StringBuilder();
    for (Field field : fields.all()) {
      for (String name : field.names()) {
        out.append(name)
            .repeat(" ", Math.max(1, 16 - name.length()))
            .append(field.header())
            .append('\n');
      }
    }
    return out.toString();
  }

  /** Takes {@code -aH} and {@code -Hoctid} apart, as getopt does. */
  static List<String> singleLetters(List<String> args) {
    List<String> out = new ArrayList<>();
    boolean value = false;
    for (String word : args) {
      if (value || !word.matches("-[A-Za-z0-9][^ ]+")) {
        boolean takes = !value && ListOptions.SPEC.options().option(word) != null;
        value = takes && takesValue(word);
        out.add(word);
        continue;
      }
      for (int i = 1; i < word.length(); i++) {
        String letter = "-" + word.charAt(i);
        out.add(letter);
        if (takesValue(letter)) {
          if (i + 1 < word.length()) {
            out.add(word.substring(i + 1));
          } else {
            value = true;
          }
          break;
        }
      }
    }
    return out;
  }

  private static boolean takesValue(String option) {
    var known = ListOptions.SPEC.options().option(option);
    return known != null && known.value() != null;
  }
}
