package org.lamina.templates.patch.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Three-way merge of things with keys, keeping the container's order. Pure. */
public final class KeyedMerge {
  private KeyedMerge() {}

  /** Decides where both sides changed one key, each in its own way. */
  public interface Conflict<V> {
    /** What shall stand there; null for nothing. */
    @Nullable V resolve(String key, @Nullable V base, @Nullable V mine, @Nullable V next);
  }

  /**
   * What only one side changed is taken from it. New keys come behind the neighbour they have in
   * {@code next}.
   */
  public static <V> Map<String, V> merge(
      Map<String, V> base, Map<String, V> mine, Map<String, V> next, Conflict<V> conflict) {
    Map<String, V> chosen = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(mine.keySet());
    @Nullable String before = null;
    for (String key : next.keySet()) {
      if (!mine.containsKey(key)) {
        order.add(before == null ? 0 : order.indexOf(before) + 1, key);
      }
      before = key;
    }
    for (String key : order) {
      @Nullable V b = base.get(key);
      @Nullable V m = mine.get(key);
      @Nullable V n = next.get(key);
      @Nullable V out;
      if (Objects.equals(b, m) || Objects.equals(m, n)) {
        out = n;
      } else if (Objects.equals(b, n)) {
        out = m;
      } else {
        out = conflict.resolve(key, b, m, n);
      }
      if (out != null) {
        chosen.put(key, out);
      }
    }
    return chosen;
  }
}
