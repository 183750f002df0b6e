package org.lamina.templates.patch.debian;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.Treatment;
import org.lamina.templates.patch.Treatment.Kind;

/**
 * How each changed path is dealt with in a container that follows its template. Worked out once,
 * because a thousand containers ask. Thread safe.
 */
final class Roles {
  private final Set<String> conffiles;
  private final Map<String, Treatment> known = new ConcurrentHashMap<>();

  /**
   * @param conffiles configuration files of all packages of both generations
   */
  Roles(Set<String> conffiles) {
    this.conffiles = Set.copyOf(conffiles);
  }

  Treatment of(PathChange change) {
    return known.computeIfAbsent(change.path(), path -> role(path, owner(change)));
  }

  boolean isConfiguration(String path) {
    return conffiles.contains(path);
  }

  private Treatment role(String path, @Nullable String owner) {
    if (DebianPaths.isVolatile(path)) {
      return new Treatment(Kind.VOLATILE, null);
    }
    if (DebianPaths.isTable(path)) {
      return new Treatment(Kind.MERGE, DerivedFile.maker(path));
    }
    if (path.equals(DebianPaths.STATUS)) {
      return new Treatment(Kind.DATABASE, null);
    }
    if (path.startsWith(DebianPaths.INFO)) {
      return new Treatment(Kind.DATABASE, DebianPaths.infoOwner(path));
    }
    Kind kind = kind(path, owner);
    return new Treatment(kind, kind == Kind.TOOL ? DerivedFile.maker(path) : owner);
  }

  private Kind kind(String path, @Nullable String owner) {
    if (owner == null && DerivedFile.of(path).isPresent()) {
      return Kind.TOOL;
    }
    if (DerivedFile.isAlternative(path)) {
      return Kind.LINK;
    }
    if (conffiles.contains(path)) {
      return Kind.CONFIG;
    }
    boolean local = owner == null && (path.startsWith("etc/") || path.startsWith("var/"));
    return local ? Kind.LOCAL : Kind.FILE;
  }

  private static @Nullable String owner(PathChange change) {
    if (change.after() != null && change.after().owner() != null) {
      return change.after().owner();
    }
    return change.before() == null ? null : change.before().owner();
  }
}
