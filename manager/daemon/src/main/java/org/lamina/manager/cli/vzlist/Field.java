package org.lamina.manager.cli.vzlist;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.ContainerView;

/**
 * One column.
 *
 * @param names the documented name and its aliases
 * @param width columns of the terminal, 1 and more
 * @param right aligned to the right
 * @param text as printed in a table, null where there is nothing
 * @param json a string, number, boolean, list, map or null
 * @param order for sorting; containers without a value come last, or first when descending
 */
record Field(
    List<String> names,
    String header,
    int width,
    boolean right,
    Function<ContainerView, @Nullable String> text,
    Function<ContainerView, @Nullable Object> json,
    Comparator<ContainerView> order) {
  Field {
    names = List.copyOf(names);
  }

  String name() {
    return names.getFirst();
  }
}
