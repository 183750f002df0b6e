package org.lamina.templates.patch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.MemoryTree.Thing;
import org.lamina.templates.patch.debian.DebianFamily;
import org.lamina.templates.tree.ManifestEntry;

/** Two generations and one container, and what a move makes of them. */
final class World {
  static final Ctid CT = new Ctid(101);
  static final String STATUS = "var/lib/dpkg/status";

  final MemoryTree base = new MemoryTree();
  final MemoryTree next = new MemoryTree();
  final MemoryTree delta = new MemoryTree();
  final List<List<String>> ran = new ArrayList<>();
  private final List<PackageChange> packages = new ArrayList<>();
  private boolean back;
  private String baseStatus = "";
  private String nextStatus = "";

  static World of() {
    return new World().installed("libc6", "2.36-9").installed("dash", "0.5");
  }

  static String stanza(String name, String version, String... more) {
    return "Package: "
        + name
        + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: "
        + version
        + "\n"
        + String.join("", List.of(more))
        + "\n";
  }

  /** In both generations alike. */
  World installed(String name, String version, String... more) {
    baseStatus += stanza(name, version, more);
    nextStatus += stanza(name, version, more);
    return this;
  }

  /** A package that the update changes; nothing as version means not there. */
  World updated(String name, String from, String to, String... more) {
    baseStatus += from.isEmpty() ? "" : stanza(name, from, more);
    nextStatus += to.isEmpty() ? "" : stanza(name, to, more);
    packages.add(
        new PackageChange(
            name, "amd64", from.isEmpty() ? null : from, to.isEmpty() ? null : to, true));
    return this;
  }

  /** An object in both generations, owned by the package, or null for neither. */
  World path(String path, @Nullable Thing before, @Nullable Thing after) {
    if (before != null) {
      base.put(path, before);
    }
    if (after != null) {
      next.put(path, after);
    }
    return this;
  }

  World file(String path, @Nullable String owner, String before, String after) {
    return path(path, Thing.file(before).of(owner), Thing.file(after).of(owner));
  }

  World holds(String path, Thing thing) {
    delta.put(path, thing);
    return this;
  }

  /** From a newer generation to an older one. */
  World back() {
    back = true;
    return this;
  }

  /** The container's own package database. */
  World status(String text) {
    return holds(STATUS, Thing.file(text));
  }

  String baseStatus() {
    return baseStatus;
  }

  String nextStatus() {
    return nextStatus;
  }

  GenerationDiff diff() {
    Set<String> all = new TreeSet<>(base.things.keySet());
    all.addAll(next.things.keySet());
    List<PathChange> changes = new ArrayList<>();
    for (String path : all) {
      @Nullable ManifestEntry b = base.find(path);
      @Nullable ManifestEntry n = next.find(path);
      if (!Objects.equals(b, n)) {
        ChangeKind kind =
            b == null
                ? ChangeKind.ADDED
                : n == null
                    ? ChangeKind.REMOVED
                    : b.type().equals(n.type()) ? ChangeKind.CHANGED : ChangeKind.TYPE_CHANGED;
        changes.add(new PathChange(path, kind, b, n));
      }
    }
    return new GenerationDiff("debian-12", back ? 1 : 0, back ? 0 : 1, changes, packages);
  }

  PatchPlan plan(Move move) throws IOException {
    base.put(STATUS, Thing.file(baseStatus));
    next.put(STATUS, Thing.file(nextStatus));
    GenerationDiff diff = diff();
    return Thorough.plan(diff, base, next, new DebianFamily(diff, base, next), delta, move);
  }

  /** Plans and applies; what the container then sees. */
  MemoryGuestTree move(Move move) throws IOException {
    return apply(plan(move), move);
  }

  MemoryGuestTree apply(PatchPlan plan, Move move) throws IOException {
    if (plan.blocked()) {
      return new MemoryGuestTree(delta, p -> base);
    }
    PatchExecutor.prune(plan.steps(), delta::prune);
    MemoryGuestTree guest = new MemoryGuestTree(delta, p -> move.switches(p) ? next : base);
    new PatchExecutor(base, next).apply(plan.steps(), guest);
    ran.addAll(PatchExecutor.tools(plan.steps()));
    return guest;
  }

  /** All a guest shows, as text, without the package database. */
  static Map<String, String> show(MemoryGuestTree guest, MemoryTree... trees) {
    Map<String, String> out = new TreeMap<>();
    for (MemoryTree tree : trees) {
      for (String path : tree.things.keySet()) {
        @Nullable Thing thing = guest.see(path);
        if (thing != null) {
          boolean directory = thing.type().equals("directory") || thing.type().equals("opaque");
          out.put(path, directory ? "directory" : thing.type() + " " + thing.text());
        }
      }
    }
    return out;
  }
}
