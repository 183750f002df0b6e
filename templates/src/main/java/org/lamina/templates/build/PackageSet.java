package org.lamina.templates.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.PackageChange;

/**
 * The installed packages of a root file system. The key of a package is its name, with {@code
 * :ARCHITECTURE} behind it if that is a foreign one, so that it stays the same over updates.
 *
 * @param versions key to version
 * @param architectures key to architecture; a key may be missing if it is not known
 */
public record PackageSet(
    SortedMap<String, String> versions, SortedMap<String, String> architectures) {
  public PackageSet {
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    architectures = Collections.unmodifiableSortedMap(new TreeMap<>(architectures));
  }

  /** Decides whether a change counts as a security update. */
  @FunctionalInterface
  public interface SecurityTest {
    /**
     * @param name without architecture
     * @param from null if the package is new
     * @param to null if it is gone
     */
    boolean test(String name, @Nullable String from, @Nullable String to);
  }

  /** Every package whose version differs from this set to another, sorted by key. */
  public List<PackageChange> changesTo(PackageSet other, SecurityTest security) {
    SortedSet<String> keys = new TreeSet<>(versions.keySet());
    keys.addAll(other.versions.keySet());
    List<PackageChange> out = new ArrayList<>();
    for (String key : keys) {
      @Nullable String from = versions.get(key);
      @Nullable String to = other.versions.get(key);
      if (to == null || !to.equals(from)) {
        String name = nameOf(key);
        String architecture = (to == null ? this : other).architectures.getOrDefault(key, "");
        out.add(new PackageChange(name, architecture, from, to, security.test(name, from, to)));
      }
    }
    return out;
  }

  /** The name in a key. */
  public static String nameOf(String key) {
    int colon = key.indexOf(':');
    return colon < 0 ? key : key.substring(0, colon);
  }
}
