package org.lamina.templates.patch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which changed paths need a decision in an {@linkplain PackageFamily.View#ordinary ordinary}
 * container: those it has something at, above which it has something that hides them, or whose
 * lower layers the move does not exchange. Everything else comes with those layers, so that a plan
 * costs what a container holds and not what an update changes. Made once per roll-out; thread safe.
 */
final class ConcernedPaths {
  private final List<PathChange> changes;
  private final NavigableMap<String, Integer> places = new TreeMap<>();
  private final Map<Move, BitSet> written = new ConcurrentHashMap<>();

  ConcernedPaths(List<PathChange> changes) {
    this.changes = changes;
    for (int i = 0; i < changes.size(); i++) {
      places.put(changes.get(i).path(), i);
    }
  }

  /** In the order of the update. */
  List<PathChange> of(DeltaTree delta, Move move) {
    BitSet chosen = new BitSet(changes.size());
    chosen.or(written.computeIfAbsent(move, this::written));
    for (DeltaEntry entry : delta.entries()) {
      Integer at = places.get(entry.path());
      if (at != null) {
        chosen.set(at);
      }
      if (entry.kind() != DeltaEntry.Kind.DIRECTORY) {
        places.subMap(entry.path() + "/", entry.path() + "0").values().forEach(chosen::set);
      }
    }
    List<PathChange> out = new ArrayList<>(chosen.cardinality());
    chosen.stream().forEach(i -> out.add(changes.get(i)));
    return out;
  }

  private BitSet written(Move move) {
    BitSet out = new BitSet(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      out.set(i, !move.switches(changes.get(i).path()));
    }
    return out;
  }
}
