package org.lamina.templates.patch.rpm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.merge.KeyedMerge;
import org.lamina.templates.patch.merge.Stance;

/**
 * What a container's package database must consist of after a move to a new generation: three-way
 * by package. Pure.
 *
 * @param chosen the packages of the merged database, each from the container's or the new
 *     generation's list
 * @param stances of the packages that differ between the generations, by key
 */
record DatabaseMerge(List<Chosen> chosen, Map<String, Stance> stances, Keys keys) {
  /**
   * @param mine from the container's list; else from the new generation's
   */
  record Chosen(HeaderList.Installed what, boolean mine) {}

  /**
   * What identifies a package: its name where there is one of it, with the architecture where there
   * are several of those, and with the version where a name may be installed several times.
   */
  record Keys(
      Map<String, HeaderList.Installed> base,
      Map<String, HeaderList.Installed> mine,
      Map<String, HeaderList.Installed> next) {}

  /**
   * @param deleted names of packages of the new generation alone that the container does not want
   * @param held whether the container wants to keep a package from becoming the second one
   */
  static DatabaseMerge of(
      HeaderList base,
      HeaderList mine,
      HeaderList next,
      Set<String> deleted,
      BiPredicate<HeaderList.Installed, HeaderList.Installed> held) {
    Keys keys = keys(base, mine, next);
    Map<String, Stance> stances = new LinkedHashMap<>();
    Set<String> all = new TreeSet<>(keys.base.keySet());
    all.addAll(keys.next.keySet());
    for (String key : all) {
      HeaderList.@Nullable Installed b = keys.base.get(key);
      HeaderList.@Nullable Installed n = keys.next.get(key);
      if (b == null || n == null || !b.evr().equals(n.evr())) {
        boolean unwanted = b == null && n != null && deleted.contains(n.name());
        HeaderList.@Nullable Installed m = keys.mine.get(key);
        stances.put(key, m == null && unwanted ? Stance.ABSENT : stance(b, m, n, held));
      }
    }
    // In the container's order, as the database had it; what is new comes where the template has
    // it.
    Map<String, HeaderList.Installed> merged =
        KeyedMerge.merge(
                digests(keys.base),
                digests(keys.mine),
                digests(keys.next),
                (key, b, m, n) -> {
                  @Nullable Stance stance = stances.get(key);
                  return conflict(b, m, n, stance == null ? unchanged(b, m) : stance);
                })
            .entrySet()
            .stream()
            .collect(
                LinkedHashMap::new,
                (map, e) -> map.put(e.getKey(), e.getValue().what()),
                Map::putAll);
    // The container may have it as the old generation has, so the merge does not see its wish.
    stances.forEach((key, stance) -> {
      if (stance == Stance.HELD) {
        merged.put(key, Objects.requireNonNull(keys.mine.get(key)));
      } else if (stance == Stance.ABSENT) {
        merged.remove(key);
      }
    });
    Set<String> fromNext = new HashSet<>();
    keys.next.values().forEach(p -> fromNext.add(p.digest()));
    List<Chosen> chosen = new ArrayList<>();
    merged.values().forEach(p -> chosen.add(chosen(p, fromNext, keys)));
    return new DatabaseMerge(chosen, stances, keys);
  }

  private static Chosen chosen(HeaderList.Installed what, Set<String> fromNext, Keys keys) {
    if (!fromNext.contains(what.digest())) {
      return new Chosen(what, true);
    }
    // The offset must be that of the list it is taken from.
    return new Chosen(
        keys.next.values().stream()
            .filter(p -> p.digest().equals(what.digest()))
            .findFirst()
            .orElse(what),
        false);
  }

  /** Equal if the header is the same, wherever it lies. */
  private record ByDigest(HeaderList.Installed what) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ByDigest o && o.what.digest().equals(what.digest());
    }

    @Override
    public int hashCode() {
      return what.digest().hashCode();
    }
  }

  private static Map<String, ByDigest> digests(Map<String, HeaderList.Installed> all) {
    Map<String, ByDigest> out = new LinkedHashMap<>();
    all.forEach((k, v) -> out.put(k, new ByDigest(v)));
    return out;
  }

  private static Keys keys(HeaderList base, HeaderList mine, HeaderList next) {
    Map<String, Integer> names = new HashMap<>();
    Map<String, Integer> namesOfArchitecture = new HashMap<>();
    for (HeaderList list : List.of(base, mine, next)) {
      most(list, names, HeaderList.Installed::name);
      most(list, namesOfArchitecture, p -> p.name() + "." + p.architecture());
    }
    return new Keys(
        keyed(base, names, namesOfArchitecture),
        keyed(mine, names, namesOfArchitecture),
        keyed(next, names, namesOfArchitecture));
  }

  private static void most(
      HeaderList list,
      Map<String, Integer> most,
      java.util.function.Function<HeaderList.Installed, String> by) {
    Map<String, Integer> here = new TreeMap<>();
    list.packages().forEach(p -> here.merge(by.apply(p), 1, Integer::sum));
    here.forEach((k, n) -> most.merge(k, n, Math::max));
  }

  private static Map<String, HeaderList.Installed> keyed(
      HeaderList list, Map<String, Integer> names, Map<String, Integer> namesOfArchitecture) {
    Map<String, HeaderList.Installed> out = new LinkedHashMap<>();
    for (HeaderList.Installed p : list.packages()) {
      String exact = p.name() + "." + p.architecture();
      boolean one = names.getOrDefault(p.name(), 1) == 1;
      boolean oneOfArchitecture = namesOfArchitecture.getOrDefault(exact, 1) == 1;
      out.put(one ? p.name() : oneOfArchitecture ? exact : p.nevra(), p);
    }
    return out;
  }

  /** The template has the same version as before, only told in other words. */
  private static Stance unchanged(@Nullable ByDigest base, @Nullable ByDigest mine) {
    boolean same = mine != null && base != null && mine.what.evr().equals(base.what.evr());
    return same ? Stance.FOLLOWS : Stance.OWN_NEWER;
  }

  /** Both the container and the template changed the package. */
  private static @Nullable ByDigest conflict(
      @Nullable ByDigest base, @Nullable ByDigest mine, @Nullable ByDigest next, Stance stance) {
    if (stance.keeps()) {
      return mine;
    }
    return mine == null && base != null ? null : next;
  }

  private static Stance stance(
      HeaderList.@Nullable Installed base,
      HeaderList.@Nullable Installed mine,
      HeaderList.@Nullable Installed next,
      BiPredicate<HeaderList.Installed, HeaderList.Installed> held) {
    if (mine == null) {
      return base == null ? Stance.FOLLOWS : Stance.ABSENT;
    }
    if (base != null && mine.evr().equals(base.evr())) {
      return next != null && held.test(mine, next) ? Stance.HELD : Stance.FOLLOWS;
    }
    if (next == null) {
      return Stance.OWN_NEWER;
    }
    int order = mine.evr().compareTo(next.evr());
    return order == 0 ? Stance.SAME : order > 0 ? Stance.OWN_NEWER : Stance.OWN_OLDER;
  }

  /** The package's name of a key. */
  String nameOf(String key) {
    for (Map<String, HeaderList.Installed> all : List.of(keys.mine, keys.next, keys.base)) {
      HeaderList.@Nullable Installed found = all.get(key);
      if (found != null) {
        return found.name();
      }
    }
    return key;
  }

  /** Whether the merged database has the very packages of a list. */
  boolean is(HeaderList list) {
    Set<String> wanted = new HashSet<>();
    list.packages().forEach(p -> wanted.add(p.digest()));
    Set<String> got = new HashSet<>();
    chosen.forEach(c -> got.add(c.what().digest()));
    return wanted.equals(got);
  }
}
