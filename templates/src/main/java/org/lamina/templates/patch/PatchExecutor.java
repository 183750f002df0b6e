package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * Carries out the steps of a plan. Each step may be done again, so a run that died is repeated from
 * its beginning. Thread safe as far as its arguments are.
 *
 * <p>Order of a whole move: {@link #prune} while nothing is mounted, the new layers, {@link #apply}
 * on the container's view, then {@link #tools} inside the container.
 */
public final class PatchExecutor {
  private final TemplateTree base;
  private final TemplateTree next;

  public PatchExecutor(TemplateTree base, TemplateTree next) {
    this.base = base;
    this.next = next;
  }

  /** Removes what a container's layers hold at a path, in every layer of its tree. */
  @FunctionalInterface
  public interface Pruner {
    void prune(String path) throws IOException;
  }

  /** Edits the container's own layers. Nothing may be mounted on them. */
  public static void prune(List<Step> steps, Pruner pruner) throws IOException {
    for (Step step : sorted(steps)) {
      if (step instanceof Step.Prune prune) {
        pruner.prune(prune.path());
      }
    }
  }

  /** Commands to run inside afterwards, each once, in the order of the paths that need them. */
  public static Set<List<String>> tools(List<Step> steps) {
    Set<List<String>> out = new LinkedHashSet<>();
    for (Step step : sorted(steps)) {
      if (step instanceof Step.Run run) {
        out.add(run.command());
      }
    }
    return out;
  }

  /**
   * Edits the container through its view.
   *
   * @throws IOException if a step cannot be done; those before it are done
   */
  public void apply(List<Step> steps, GuestTree guest) throws IOException {
    List<Step> all = sorted(steps);
    try (MadeFiles made = MadeFiles.of(all)) {
      apply(all, made, guest);
    }
  }

  private void apply(List<Step> all, MadeFiles made, GuestTree guest) throws IOException {
    for (Step step : all) {
      if (step instanceof Step.Keep keep) {
        keep(keep, guest);
      }
    }
    // Deepest first, so that a directory is empty when its turn comes.
    for (Step step : all.reversed()) {
      if (step instanceof Step.Remove remove) {
        guest.remove(remove.path());
      }
    }
    for (Step step : all) {
      switch (step) {
        case Step.Put put -> put(next, put.path(), put.source(), put.attributes(), guest);
        case Step.PutOld old -> put(base, old.path(), old.path(), null, guest);
        case Step.Write write -> write(write, guest);
        case Step.Make make -> {
          try (InputStream content = made.open(make)) {
            guest.write(make.path(), content, null, null, Map.of());
          }
        }
        case Step.Keep _, Step.Remove _, Step.Prune _, Step.Run _ -> {}
      }
    }
  }

  /** What makes way is copied before anything else happens. */
  private static void keep(Step.Keep keep, GuestTree guest) throws IOException {
    GuestTree.@Nullable Stat stat = guest.stat(keep.source());
    if (stat != null && stat.type() == GuestTree.Stat.Type.FILE) {
      try (InputStream content = guest.open(keep.source())) {
        guest.write(keep.path(), content, stat.attributes(), stat.modified(), Map.of());
      }
    }
  }

  private static void write(Step.Write write, GuestTree guest) throws IOException {
    byte[] content = write.content().getBytes(StandardCharsets.ISO_8859_1);
    if (!guest.exists(write.path())
        || !java.util.Arrays.equals(guest.read(write.path()), content)) {
      guest.write(write.path(), content, null, Map.of());
    }
  }

  private void put(
      TemplateTree tree, String path, String source, @Nullable Attributes given, GuestTree guest)
      throws IOException {
    @Nullable ManifestEntry entry = tree.find(source);
    if (entry == null) {
      throw new IOException("the generation has no " + source);
    }
    Attributes attributes = given == null ? Attributes.of(entry) : given;
    parents(path, tree, guest);
    switch (entry.type()) {
      case "file" -> {
        try (InputStream content = tree.open(source)) {
          guest.write(path, content, attributes, tree.modified(source), xattrs(entry));
        }
      }
      case "symlink" -> guest.link(path, target(entry), attributes.uid(), attributes.gid());
      case "directory" -> {
        GuestTree.@Nullable Stat there = guest.stat(path);
        if (there != null && there.type() != GuestTree.Stat.Type.DIRECTORY) {
          guest.remove(path);
        }
        guest.makeDirectory(path, attributes);
      }
      default -> throw new IOException("cannot put a " + entry.type() + " at " + path);
    }
  }

  private static byte[] target(ManifestEntry entry) {
    String target = entry.target() == null ? "" : entry.target();
    return target.getBytes(StandardCharsets.UTF_8);
  }

  /** Marks of overlayfs belong to a layer, and access lists name the host's ids. */
  private static Map<String, String> xattrs(ManifestEntry entry) {
    SortedMap<String, String> out = new TreeMap<>();
    if (entry.xattrs() != null) {
      out.putAll(entry.xattrs());
    }
    out.keySet().removeIf(k -> k.startsWith("trusted.") || k.startsWith("system."));
    return out;
  }

  private static void parents(String path, TemplateTree tree, GuestTree guest) throws IOException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String parent = path.substring(0, slash);
      if (!guest.exists(parent)) {
        @Nullable ManifestEntry entry = tree.find(parent);
        guest.makeDirectory(
            parent, entry == null ? new Attributes("0755", 0, 0) : Attributes.of(entry));
      }
    }
  }

  private static List<Step> sorted(List<Step> steps) {
    List<Step> out = new ArrayList<>(steps);
    out.sort(Comparator.comparing(Step::path));
    return out;
  }
}
