package org.lamina.templates.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers without a mount; what needs root is tested on real overlays. */
class LayersTest {
  @TempDir private Path temp;
  private Path low;
  private Path high;
  private LayerView view;

  @BeforeEach
  void layers() throws IOException {
    low = Files.createDirectory(temp.resolve("low"));
    high = Files.createDirectory(temp.resolve("high"));
    view = new LayerView(List.of(high, low));
  }

  private static void put(Path layer, String path, String text) throws IOException {
    Path file = layer.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** A character device 0:0, the only device that anybody may make. */
  private static void whiteout(Path layer, String path) throws Exception {
    Path file = layer.resolve(path);
    Files.createDirectories(file.getParent());
    assertThat(new ProcessBuilder("mknod", file.toString(), "c", "0", "0").start().waitFor())
        .isZero();
  }

  private List<ManifestEntry> manifest(Path root) throws Exception {
    return TreeScanner.scan(root, Map.of());
  }

  @Test
  void theUppermostObjectIsSeen() throws Exception {
    put(low, "etc/a", "low");
    put(low, "etc/b", "low");
    put(low, "gone/deep/c", "low");
    put(high, "etc/b", "high");
    put(high, "etc/c", "high");
    whiteout(high, "gone");
    Files.createSymbolicLink(high.resolve("link"), Path.of("/etc"));

    assertThat(view.read("etc/a", 10)).contains("low");
    assertThat(view.read("etc/b", 10)).contains("high");
    assertThat(view.read("etc/b", 3)).as("too long").isEmpty();
    assertThat(view.find("gone/deep/c")).isEmpty();
    assertThat(view.find("link")).contains(high.resolve("link"));
    assertThat(view.find("link/a")).as("links are not followed").isEmpty();
    assertThat(view.find("etc/a/b")).as("a file is no directory").isEmpty();
    assertThat(view.list("etc").keySet()).containsExactly("a", "b", "c");
    assertThat(view.list("etc").get("a")).isEqualTo(low.resolve("etc/a"));
    assertThat(view.list("none")).isEmpty();
    assertThatThrownBy(() -> view.find("etc/../../x")).isInstanceOf(IOException.class);
  }

  @Test
  void aFileHidesADirectoryAndAWhiteoutAName() throws Exception {
    put(low, "x/y", "low");
    put(low, "d/one", "1");
    put(low, "d/two", "2");
    put(high, "x", "now a file");
    whiteout(high, "d/one");

    assertThat(view.read("x", 100)).contains("now a file");
    assertThat(view.find("x/y")).isEmpty();
    assertThat(view.list("d").keySet()).containsExactly("two");
  }

  @Test
  void whatSaysNothingNewLeavesTheLayer() throws Exception {
    put(low, "etc/same", "s");
    put(low, "etc/changed", "old");
    put(low, "usr/lib/only/here", "s");
    put(high, "etc/same", "s");
    put(high, "etc/changed", "new");
    put(high, "etc/fresh", "f");
    put(high, "usr/lib/only/here", "s");
    whiteout(high, "etc/never-was");
    Files.createSymbolicLink(low.resolve("etc/link"), Path.of("t"));
    Files.createSymbolicLink(high.resolve("etc/link"), Path.of("t"));

    DiffLayer left =
        LayerTrimmer.trim(
            high, manifest(low), new LayerView(List.of(low)), Set.<String>of()::contains);

    assertThat(left.entries())
        .extracting(ManifestEntry::path)
        .containsExactly("/", "/etc", "/etc/changed", "/etc/fresh");
    assertThat(left.whiteouts()).isEmpty();
    assertThat(manifest(high)).isEqualTo(left.entries());
    assertThat(left.saysNothing()).isFalse();
  }

  @Test
  void aLayerOfEqualFilesSaysNothing() throws Exception {
    put(low, "a/b/c", "s");
    put(high, "a/b/c", "s");
    assertThat(
            LayerTrimmer.trim(high, manifest(low), view, Set.<String>of()::contains).saysNothing())
        .isTrue();
    assertThat(high).isEmptyDirectory();
  }

  @Test
  void otherRightsAreAChange() throws Exception {
    put(low, "a/f", "s");
    put(high, "a/f", "s");
    high.resolve("a/f").toFile().setExecutable(true);
    assertThat(LayerTrimmer.trim(high, manifest(low), view, Set.<String>of()::contains).entries())
        .hasSize(3);
  }

  @Test
  void pythonSourcesKeepTheTimeThatTheirCompiledFilesName() throws Exception {
    for (String name : List.of("newer.py", "equal.py", "newer.txt")) {
      put(low, name, "s");
      put(high, name, "s");
      Files.setLastModifiedTime(low.resolve(name), FileTime.fromMillis(1_000_000));
      Files.setLastModifiedTime(
          high.resolve(name), FileTime.fromMillis(name.startsWith("n") ? 2_000_000 : 1_000_000));
    }
    DiffLayer left =
        LayerTrimmer.trim(
            high, manifest(low), new LayerView(List.of(low)), Set.<String>of()::contains);
    assertThat(left.entries()).extracting(ManifestEntry::path).containsExactly("/", "/newer.py");
  }

  @Test
  void filesWhoseTimeIsCheckedKeepIt() throws Exception {
    for (String name : List.of("owned", "own")) {
      put(low, name, "s");
      put(high, name, "s");
      Files.setLastModifiedTime(low.resolve(name), FileTime.fromMillis(1_000_000));
      Files.setLastModifiedTime(high.resolve(name), FileTime.fromMillis(2_000_000));
    }
    List<ManifestEntry> below = manifest(low);
    DiffLayer left = LayerTrimmer.trim(high, below, new LayerView(List.of(low)), "/owned"::equals);
    assertThat(left.entries()).extracting(ManifestEntry::path).containsExactly("/", "/owned");
    ManifestEntry after = left.entries().getLast();
    assertThat(after.sameObject(below.get(2))).isTrue();
    assertThat(after.sameTime(below.get(2))).isFalse();
  }

  @Test
  void aWhiteoutStaysWithTheDirectoriesOnTheWay() throws Exception {
    put(low, "a/b/gone", "s");
    put(low, "a/b/stays", "s");
    whiteout(high, "a/b/gone");

    DiffLayer left = LayerTrimmer.trim(high, manifest(low), view, Set.<String>of()::contains);

    assertThat(left.whiteouts()).containsExactly("/a/b/gone");
    assertThat(view.find("a/b/gone")).isEmpty();
    assertThat(MergedManifest.of(manifest(low), left, Map.of()))
        .extracting(ManifestEntry::path)
        .containsExactly("/", "/a", "/a/b", "/a/b/stays");
  }

  @Test
  void theMergedManifestHidesWhatIsHidden() throws Exception {
    put(low, "dir/in", "s");
    put(low, "dir-not/in", "s");
    put(low, "opaque/old", "s");
    put(low, "file", "s");
    List<ManifestEntry> below = manifest(low);
    put(high, "dir", "now a file");
    put(high, "opaque/new", "s");
    put(high, "file/now-a-directory", "s");
    DiffLayer seen = DiffLayer.read(high);
    DiffLayer layer =
        new DiffLayer(seen.entries(), seen.whiteouts(), java.util.Set.of("/opaque"), seen.files());

    List<ManifestEntry> merged =
        MergedManifest.of(below, layer, Map.of("/dir-not/in", "p", "/opaque", "p"));

    assertThat(merged)
        .extracting(ManifestEntry::path)
        .containsExactly(
            "/",
            "/dir",
            "/dir-not",
            "/dir-not/in",
            "/file",
            "/file/now-a-directory",
            "/opaque",
            "/opaque/new");
    List<String> owners = new ArrayList<>();
    merged.forEach(e -> owners.add(e.owner()));
    assertThat(owners).containsOnlyOnce("p");
    assertThat(merged.get(3).owner()).isEqualTo("p");
  }
}
