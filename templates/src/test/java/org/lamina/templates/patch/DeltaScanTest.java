package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.templates.patch.DeltaEntry.Kind;
import org.lamina.templates.tree.ManifestEntry;

class DeltaScanTest {
  @TempDir private Path temp;
  private Path delta;

  @BeforeEach
  void empty() throws IOException {
    delta = Files.createDirectory(temp.resolve("delta"));
    Files.createDirectories(delta.resolve("root/upper"));
    Files.createDirectories(delta.resolve("root/work/work"));
    Files.createDirectories(delta.resolve("usr/upper"));
  }

  private void file(String path, String text) throws IOException {
    Path file = delta.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** A whiteout needs no privilege, but Java cannot make devices. */
  private void whiteout(String path) throws Exception {
    Files.createDirectories(delta.resolve(path).getParent());
    Process made =
        new ProcessBuilder("mknod", delta.resolve(path).toString(), "c", "0", "0")
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
  }

  private DeltaTree scan(Interest interest) throws IOException {
    return DeltaScan.scan(DeltaLayers.of(delta), interest);
  }

  private static DeltaEntry entry(String path, Kind kind) {
    return new DeltaEntry(path, kind);
  }

  @Test
  void aContainerNeverStartedHasNothing() throws IOException {
    assertThat(
            DeltaScan.scan(DeltaLayers.of(temp.resolve("none")), Interest.everything()).isEmpty())
        .isTrue();
  }

  @Test
  void listsEveryKind() throws Exception {
    file("root/upper/etc/passwd", "x");
    file("usr/upper/lib/a", "x");
    whiteout("usr/upper/lib/gone");
    Files.createSymbolicLink(delta.resolve("usr/upper/lib/link"), Path.of("etc"));
    assertThat(
            new ProcessBuilder("mkfifo", delta.resolve("usr/upper/pipe").toString())
                .start()
                .waitFor())
        .isZero();

    assertThat(scan(Interest.everything()).entries())
        .containsExactly(
            entry("etc", Kind.DIRECTORY),
            entry("etc/passwd", Kind.FILE),
            entry("usr/lib", Kind.DIRECTORY),
            entry("usr/lib/a", Kind.FILE),
            entry("usr/lib/gone", Kind.WHITEOUT),
            entry("usr/lib/link", Kind.SYMLINK),
            entry("usr/pipe", Kind.OTHER));
  }

  @Test
  void upperLayersWin() throws Exception {
    file("usr/upper/lib/a", "1");
    file("usr/upper/lib/b", "1");
    file("usr/upper/lib/c", "1");
    file("usr/upper/lib/d/inner", "1");
    file("usr/upper/lib/e", "1");
    whiteout("usr/upper/lib/f");
    file("usr/2/upper/lib/a", "2");
    whiteout("usr/2/upper/lib/b");
    whiteout("usr/2/upper/lib/d");
    file("usr/10/upper/lib/c", "10");
    file("usr/10/upper/lib/e/inner", "10");
    file("usr/10/upper/lib/f", "10");
    Files.createDirectories(delta.resolve("usr/10/work"));

    DeltaLayers layers = DeltaLayers.of(delta);
    DeltaTree tree = DeltaScan.scan(layers, Interest.everything());

    assertThat(tree.entries())
        .containsExactly(
            entry("usr/lib", Kind.DIRECTORY),
            entry("usr/lib/a", Kind.FILE),
            entry("usr/lib/b", Kind.WHITEOUT),
            entry("usr/lib/c", Kind.FILE),
            entry("usr/lib/d", Kind.WHITEOUT),
            entry("usr/lib/e", Kind.OPAQUE_DIRECTORY),
            entry("usr/lib/e/inner", Kind.FILE),
            entry("usr/lib/f", Kind.FILE));
    DeltaReader reader = new DeltaReader(layers, tree, 0);
    assertThat(reader.read("usr/lib/a", 9)).asString().isEqualTo("2");
    assertThat(reader.read("usr/lib/c", 9)).asString().isEqualTo("10");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path host = Files.createDirectories(temp.resolve("host/lib"));
    Files.writeString(host.resolve("secret"), "s");
    Files.createSymbolicLink(delta.resolve("usr/upper/lib"), host);
    DeltaLayers layers = DeltaLayers.of(delta);
    DeltaTree tree = DeltaScan.scan(layers, Interest.everything());
    assertThat(tree.entries()).containsExactly(entry("usr/lib", Kind.SYMLINK));

    DeltaReader reader = new DeltaReader(layers, tree, 0);
    assertThat(reader.describe("usr/lib/secret")).isNull();
    assertThat(reader.read("usr/lib/secret", 100)).isNull();
    assertThat(reader.read("usr/lib", 100)).isNull();
    new DeltaPruner(layers).prune("usr/lib/secret");
    assertThat(host.resolve("secret")).hasContent("s");
    new DeltaPruner(layers).prune("usr/lib");
    assertThat(host.resolve("secret")).hasContent("s");
    assertThat(delta.resolve("usr/upper")).isEmptyDirectory();
  }

  @Test
  void onlyWhatMattersIsKept() throws IOException {
    for (int i = 0; i < 300; i++) {
      file("root/upper/var/mail/" + i, "x");
      file("usr/upper/lib/mine" + i, "x");
    }
    file("usr/upper/lib/a", "x");
    file("root/upper/var/lib/dpkg/updates/0001", "x");
    Interest interest =
        Interest.in(List.of("usr/lib/a", "usr/lib/b"), List.of("var/lib/dpkg/updates"));
    assertThat(scan(interest).entries())
        .extracting(DeltaEntry::path)
        .containsExactly(
            "usr/lib",
            "usr/lib/a",
            "var",
            "var/lib",
            "var/lib/dpkg",
            "var/lib/dpkg/updates",
            "var/lib/dpkg/updates/0001");
  }

  @Test
  void describesAsTheContainerSeesIt() throws IOException {
    file("usr/upper/lib/a", "abc");
    Files.createSymbolicLink(delta.resolve("usr/upper/lib/link"), Path.of("a b"));
    DeltaLayers layers = DeltaLayers.of(delta);
    int uid = (Integer) Files.getAttribute(delta, "unix:uid");
    DeltaReader reader =
        new DeltaReader(layers, DeltaScan.scan(layers, Interest.everything()), uid - 7);
    ManifestEntry a = reader.describe("usr/lib/a");
    assertThat(a.sha256()).isEqualTo(MemoryTree.hash("abc"));
    assertThat(a.size()).isEqualTo(3);
    assertThat(a.uid()).isEqualTo(7);
    assertThat(reader.describe("usr/lib/link").target()).isEqualTo("a b");
    assertThat(reader.describe("usr/lib").type()).isEqualTo("directory");
    assertThat(reader.describe("usr/lib/none")).isNull();
    assertThat(reader.read("usr/lib/a", 2)).isNull();
  }

  @Test
  void namesThatTheLocaleCannotWriteAreKept() throws Exception {
    Process made =
        new ProcessBuilder(
                "sh",
                "-c",
                "cd \"$1\" && printf x > \"$(printf 'F\\305\\221.crt')\" && printf y > \"$(printf 'bad\\377')\"",
                "sh",
                delta.resolve("usr/upper").toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    DeltaLayers layers = DeltaLayers.of(delta);
    DeltaTree tree = DeltaScan.scan(layers, Interest.everything());
    assertThat(tree.entries())
        .extracting(DeltaEntry::path)
        .containsExactly("usr/F\u0151.crt", "usr%2Fbad%FF".replace("%2F", "/"));
    DeltaReader reader = new DeltaReader(layers, tree, 0);
    assertThat(reader.read("usr/F\u0151.crt", 9)).isEqualTo("x".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.read("usr/bad%FF", 9)).isEqualTo("y".getBytes(StandardCharsets.UTF_8));
    new DeltaPruner(layers).prune("usr/F\u0151.crt");
    assertThat(reader.read("usr/F\u0151.crt", 9)).isNull();
  }

  @Test
  void pruningTakesEveryLayer() throws Exception {
    file("usr/upper/lib/a", "1");
    whiteout("usr/1/upper/lib/a");
    file("usr/2/upper/lib/a", "2");
    DeltaLayers layers = DeltaLayers.of(delta);
    new DeltaPruner(layers).prune("usr/lib/a");
    new DeltaPruner(layers).prune("usr/lib/a");
    assertThat(DeltaScan.scan(layers, Interest.everything()).entries())
        .containsExactly(entry("usr/lib", Kind.DIRECTORY));
  }
}
