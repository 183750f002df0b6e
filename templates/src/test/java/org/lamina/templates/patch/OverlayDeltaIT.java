package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.Ctid;
import org.lamina.schema.FileCapability;
import org.lamina.templates.patch.DeltaEntry.Kind;
import org.lamina.templates.patch.debian.DebianFamily;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.TreeScanner;

/** Real overlays: what the kernel leaves in a layer, and what a move makes of it. */
class OverlayDeltaIT {
  private static final int SHIFT = 231072;
  private static final String STATUS = "var/lib/dpkg/status";

  @TempDir private Path temp;
  private Path base;
  private Path next;
  private Path delta;
  private Path root;
  private final List<Path> mounted = new ArrayList<>();

  @BeforeEach
  void trees() throws Exception {
    base = Files.createDirectories(temp.resolve("base"));
    next = Files.createDirectories(temp.resolve("next"));
    delta = Files.createDirectories(temp.resolve("delta"));
    root = Files.createDirectories(temp.resolve("root"));
    for (Path tree : List.of(base, next)) {
      boolean old = tree.equals(base);
      put(tree, STATUS, World.stanza("foo", old ? "1" : "2"));
      put(tree, "usr/lib/a", old ? "old" : "new");
      put(tree, "usr/lib/b", old ? "old" : "new");
      put(tree, "usr/lib/c", "same");
      put(tree, "usr/lib/dir/inner", old ? "old" : "new");
      put(tree, "usr/lib/dir2/inner", old ? "old" : "new");
      put(tree, "etc/foo.conf", old ? "old" : "new");
      put(tree, old ? "usr/lib/gone" : "usr/lib/fresh/added", "x");
      put(tree, "usr/share/F\u0151.crt", old ? "old" : "new");
    }
    put(next, "usr/lib/dir/more", "m");
    put(next, "usr/bin/ping", "ping");
    sh("setcap cap_net_raw+ep " + next.resolve("usr/bin/ping"));
  }

  @AfterEach
  void unmount() throws Exception {
    for (Path mount : mounted) {
      sh("umount " + mount);
    }
  }

  private static void put(Path tree, String path, String text) throws Exception {
    Path file = RawNames.resolve(tree, path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void sh(String command) throws Exception {
    Process process = new ProcessBuilder("sh", "-ec", command).inheritIO().start();
    assertThat(process.waitFor()).as(command).isZero();
  }

  /** As the runtime mounts a container: one overlay for all, one for {@code usr}. */
  private void mount(Path generation) throws Exception {
    overlay(generation.toString(), "root", root);
    overlay(generation.resolve("usr").toString(), "usr", root.resolve("usr"));
  }

  private void overlay(String lower, String tree, Path at) throws Exception {
    Path upper = Files.createDirectories(delta.resolve(tree + "/upper"));
    Path work = Files.createDirectories(delta.resolve(tree + "/work"));
    sh(
        "mount -t overlay overlay -o index=off,metacopy=off,redirect_dir=off,lowerdir="
            + lower
            + ",upperdir="
            + upper
            + ",workdir="
            + work
            + " "
            + at);
    mounted.addFirst(at);
  }

  private void unmountAll() throws Exception {
    unmount();
    mounted.clear();
  }

  private GenerationDiff diff(Map<String, ManifestEntry> b, Map<String, ManifestEntry> n) {
    Set<String> all = new TreeSet<>(b.keySet());
    all.addAll(n.keySet());
    List<PathChange> out = new ArrayList<>();
    for (String path : all) {
      @Nullable ManifestEntry before = b.get(path);
      @Nullable ManifestEntry after = n.get(path);
      if (!Objects.equals(before, after)) {
        ChangeKind kind =
            before == null
                ? ChangeKind.ADDED
                : after == null ? ChangeKind.REMOVED : ChangeKind.CHANGED;
        out.add(new PathChange(path.substring(1), kind, before, after));
      }
    }
    return new GenerationDiff(
        "t", 0, 1, out, List.of(new PackageChange("foo", "amd64", "1", "2", true)));
  }

  private static Map<String, ManifestEntry> manifest(Path tree) throws Exception {
    Map<String, ManifestEntry> out = new TreeMap<>();
    TreeScanner.scan(tree, Map.of()).forEach(e -> out.put(e.path(), e));
    return out;
  }

  @Test
  void theKernelsMarksAreUnderstood() throws Exception {
    mount(base);
    sh(
        "cd "
            + root
            + " && rm usr/lib/gone && rm -r usr/lib/dir && mkdir usr/lib/dir"
            + " && mkdir usr/lib/own && chmod 600 usr/lib/a && rm -r usr/lib/dir2 && ln -s x usr/l"
            + " && echo mine > etc/foo.conf && touch usr/lib/own/x");
    unmountAll();

    assertThat(DeltaScan.scan(DeltaLayers.of(delta), Interest.everything()).entries())
        .contains(
            new DeltaEntry("etc", Kind.DIRECTORY),
            new DeltaEntry("etc/foo.conf", Kind.FILE),
            new DeltaEntry("usr/l", Kind.SYMLINK),
            new DeltaEntry("usr/lib", Kind.DIRECTORY),
            new DeltaEntry("usr/lib/a", Kind.FILE),
            new DeltaEntry("usr/lib/dir", Kind.OPAQUE_DIRECTORY),
            new DeltaEntry("usr/lib/dir2", Kind.WHITEOUT),
            new DeltaEntry("usr/lib/gone", Kind.WHITEOUT),
            new DeltaEntry("usr/lib/own/x", Kind.FILE));
  }

  @Test
  void aStoppedContainerMoves() throws Exception {
    mount(base);
    sh(
        "cd "
            + root
            + " && touch usr/lib/a && chmod 4750 usr/lib/b && rm -r usr/lib/dir"
            + " && mkdir usr/lib/dir && echo mine > usr/lib/dir/own && mkdir usr/lib/fresh"
            + " && echo mine > usr/lib/mine && touch usr/share/F* usr/lib/gone");
    Files.writeString(root.resolve(STATUS), World.stanza("foo", "1") + World.stanza("nginx", "1"));
    unmountAll();
    sh("find " + delta + " -path '*/upper*' -exec chown -h " + SHIFT + ":" + SHIFT + " {} +");
    Files.setAttribute(delta.resolve("usr/upper/lib/b"), "unix:mode", 04750);

    DeltaLayers layers = DeltaLayers.of(delta);
    LayerTree old = new LayerTree(List.of(base), List.copyOf(manifest(base).values()));
    LayerTree fresh = new LayerTree(List.of(next), List.copyOf(manifest(next).values()));
    GenerationDiff diff = diff(manifest(base), manifest(next));
    Planner planner = new Planner(diff, old, fresh, new DebianFamily(diff, old, fresh));
    DeltaTree tree = DeltaScan.scan(layers, planner.interest());
    PatchPlan plan =
        planner.plan(new Ctid(101), tree, new DeltaReader(layers, tree, SHIFT), Move.stopped());
    assertThat(plan.summary().planClass())
        .as(plan.summary().toString())
        .isEqualTo(PlanClass.MERGEABLE);
    PatchExecutor.prune(plan.steps(), new DeltaPruner(layers));
    mount(next);
    new PatchExecutor(old, fresh).apply(plan.steps(), new DirectoryGuestTree(root, SHIFT));

    assertThat(root.resolve("usr/lib/a")).hasContent("new");
    assertThat(delta.resolve("usr/upper/lib/a")).doesNotExist();
    assertThat(root.resolve("usr/lib/b")).hasContent("new");
    assertThat((Integer) Files.getAttribute(root.resolve("usr/lib/b"), "unix:mode") & 07777)
        .isEqualTo(04750);
    assertThat(Files.getAttribute(root.resolve("usr/lib/b"), "unix:uid")).isEqualTo(SHIFT);
    assertThat(root.resolve("usr/lib/dir/own")).hasContent("mine");
    assertThat(root.resolve("usr/lib/dir/more")).as("new in a directory made anew").hasContent("m");
    assertThat(root.resolve("usr/lib/dir/inner")).as("deleted inside").doesNotExist();
    assertThat(root.resolve("usr/lib/fresh/added")).hasContent("x");
    assertThat(root.resolve("usr/lib/gone")).doesNotExist();
    assertThat(root.resolve("usr/lib/mine")).exists();
    assertThat(RawNames.resolve(root, "usr/share/F\u0151.crt")).hasContent("new");
    assertThat(root.resolve(STATUS))
        .hasContent(World.stanza("foo", "2") + World.stanza("nginx", "1"));
  }

  @Test
  void aRunningContainerGetsWhatIsOutsideTheExchangedTreeWithItsCapabilities() throws Exception {
    LayerTree old = new LayerTree(List.of(base), List.copyOf(manifest(base).values()));
    LayerTree fresh = new LayerTree(List.of(next), List.copyOf(manifest(next).values()));
    GenerationDiff diff = diff(manifest(base), manifest(next));
    Planner planner = new Planner(diff, old, fresh, new DebianFamily(diff, old, fresh));
    mount(base);
    DeltaLayers layers = DeltaLayers.of(delta);
    DeltaTree tree = DeltaScan.scan(layers, planner.interest());
    // Nothing is exchanged at all, so everything is written through the view.
    PatchPlan plan =
        planner.plan(
            new Ctid(101), tree, new DeltaReader(layers, tree, SHIFT), Move.live(Set.of("none")));
    new PatchExecutor(old, fresh).apply(plan.steps(), new DirectoryGuestTree(root, SHIFT));

    assertThat(root.resolve("etc/foo.conf")).hasContent("new");
    assertThat(root.resolve("usr/lib/dir/more")).hasContent("m");
    assertThat(root.resolve("usr/lib/gone")).doesNotExist();
    Map<String, ManifestEntry> wanted = manifest(next);
    Map<String, ManifestEntry> got = manifest(root);
    assertThat(got.keySet()).isEqualTo(wanted.keySet());
    try (Beneath.Handle handle =
        Objects.requireNonNull(
            Beneath.open(root, "usr/bin/ping".getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
      String value = handle.attributes().get(FileCapability.NAME);
      assertThat(FileCapability.plain(FileCapability.NAME, value))
          .isEqualTo(wanted.get("/usr/bin/ping").xattrs().get(FileCapability.NAME))
          .isNotEqualTo(value);
    }
  }
}
