package org.lamina.manager.cli.vzlist;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Nearest;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * What one run of vzlist is asked for.
 *
 * @param which the states to show; everything when containers are named
 * @param columns in order
 * @param named CTIDs and names as typed
 */
record ListOptions(
    Which which,
    boolean header,
    boolean trim,
    boolean json,
    boolean listFields,
    List<Field> columns,
    Field sort,
    boolean descending,
    @Nullable Pattern hostname,
    @Nullable Pattern name,
    @Nullable Pattern description,
    List<String> named) {
  enum Which {
    RUNNING,
    STOPPED,
    ALL
  }

  private static final List<String> DEFAULT =
      List.of("ctid", "numproc", "status", "ip", "hostname");

  static final CommandSpec SPEC =
      new CommandSpec(
          "vzlist",
          List.of("vzlist"),
          "[CTID...]",
          "list containers",
          new OptionTable()
              .flag("all containers, not only running ones", "-a", "--all")
              .flag("only containers that do not run", "-S", "--stopped")
              .flag("names in the first column where there are any", "-n", "--name")
              .flag("no header line", "-H", "--no-header")
              .flag("do not cut long values", "-t", "--no-trim")
              .flag("JSON", "-j", "--json")
              .value("FIELD,...", "columns to show", Completion.FIELD, "-o", "--output")
              .flag("only CTIDs: -H -o ctid", "-1")
              .value("[-]FIELD", "sort, - for descending", Completion.FIELD, "-s", "--sort")
              .value("PATTERN", "only matching host names", "-h", "--hostname")
              .value("PATTERN", "only matching names", "-N", "--name_filter")
              .value("PATTERN", "only matching descriptions", "-d", "--description")
              .flag("show the known fields", "-L", "--list"),
          """
          PATTERN is a shell pattern: *, ?, [a-z]. Containers that are named are shown whatever
          their state. Long values are cut to the column's width, except in the last column.

          Examples:
            vzlist -a
            vzlist -o ctid,name,memory,uptime -s -memory
            vzlist -a -j -o ctid,status
          """,
          Completion.CONTAINER);

  static ListOptions read(Parsed parsed, Fields fields) {
    Which which = parsed.has("-a") ? Which.ALL : parsed.has("-S") ? Which.STOPPED : Which.RUNNING;
    String sort = parsed.get("-s");
    boolean descending = sort != null && sort.startsWith("-");
    String sortName = sort == null ? "ctid" : descending ? sort.substring(1) : sort;
    return new ListOptions(
        which,
        !parsed.has("-H") && !parsed.has("-1"),
        !parsed.has("-t"),
        parsed.has("-j"),
        parsed.has("-L"),
        columns(parsed, fields),
        field(sortName, fields),
        descending,
        pattern(parsed.get("-h")),
        pattern(parsed.get("-N")),
        pattern(parsed.get("-d")),
        parsed.operands());
  }

  private static List<Field> columns(Parsed parsed, Fields fields) {
    String output = parsed.get("-o");
    if (parsed.has("-1") && output != null) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "vzlist: -1 and -o both choose the columns", "Give one of them.");
    }
    if (output == null && parsed.has("-j") && !parsed.has("-1")) {
      return fields.all().stream().filter(f -> !f.name().contains(".")).toList();
    }
    List<String> names =
        parsed.has("-1")
            ? List.of("ctid")
            : output == null ? DEFAULT : List.of(output.split(",", -1));
    List<Field> columns = new ArrayList<>();
    for (String name : names) {
      Field field = field(name, fields);
      if (parsed.has("-j") && field.name().contains(".")) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "vzlist: " + name + " cannot be in JSON",
            "Ask for " + name.substring(0, name.indexOf('.')) + ".");
      }
      columns.add(field);
    }
    if (parsed.has("-n") && columns.getFirst().name().equals("ctid") && output == null) {
      columns.set(0, field("smart_name", fields));
    }
    return List.copyOf(columns);
  }

  private static Field field(String name, Fields fields) {
    Field field = fields.named(name);
    if (field == null) {
      String hint = Nearest.hint(name, fields.names());
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "vzlist: unknown field " + Printable.shorten(name, 40),
          hint != null ? hint : "vzlist -L shows the fields of this release.");
    }
    return field;
  }

  private static @Nullable Pattern pattern(@Nullable String glob) {
    return glob == null ? null : Glob.compile(glob);
  }

  /** True if the container is to be shown by state and patterns. */
  boolean shows(ContainerView view) {
    boolean running = view.status() == ContainerView.Status.RUNNING;
    boolean state =
        switch (which) {
          case ALL -> true;
          case RUNNING -> running;
          case STOPPED -> !running;
        };
    return (state || !named.isEmpty())
        && matches(hostname, view.container().hostname())
        && matches(name, view.container().name())
        && matches(description, view.container().description());
  }

  private static boolean matches(@Nullable Pattern pattern, @Nullable String text) {
    return pattern == null || pattern.matcher(text == null ? "" : text).matches();
  }
}
