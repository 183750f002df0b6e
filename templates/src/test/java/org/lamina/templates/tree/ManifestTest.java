package org.lamina.templates.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path temp;
  private Path root;

  @BeforeEach
  void tree() throws IOException {
    root = Files.createDirectory(temp.resolve("fs"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(root.resolve("etc/abc"), "abc");
    Files.setPosixFilePermissions(
        root.resolve("etc/abc"), PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("etc/no where"));
    Files.createLink(root.resolve("hard"), root.resolve("etc/abc"));
  }

  private Map<String, ManifestEntry> scan(Map<String, String> owners) throws Exception {
    Map<String, ManifestEntry> out = new TreeMap<>();
    TreeScanner.scan(root, owners).forEach(e -> out.put(e.path(), e));
    return out;
  }

  @Test
  void tellsTheTruthAboutEachObject() throws Exception {
    Map<String, ManifestEntry> all =
        scan(Map.of("/etc/abc", "base", "/etc", "base", "/link", "base"));

    assertThat(all).containsOnlyKeys("/", "/etc", "/etc/abc", "/hard", "/link");
    int uid = (Integer) Files.getAttribute(root, "unix:uid");
    int gid = (Integer) Files.getAttribute(root, "unix:gid");
    long seconds = Files.getLastModifiedTime(root.resolve("etc/abc")).to(TimeUnit.SECONDS);
    assertThat(all.get("/etc/abc"))
        .isEqualTo(
            new ManifestEntry(
                "/etc/abc", "file", "0640", uid, gid, 3L, ABC, null, null, "base", null, seconds));
    assertThat(all.get("/hard").sha256()).isEqualTo(ABC);
    assertThat(all.get("/link").target()).isEqualTo("etc/no where");
    assertThat(all.get("/link").type()).isEqualTo("symlink");
    assertThat(all.get("/link").owner()).isEqualTo("base");
    assertThat(all.get("/etc").owner()).as("directories belong to many packages").isNull();
    assertThat(all.get("/").mode()).isEqualTo("0755");
  }

  @Test
  void keepsExtendedAttributes() throws Exception {
    Files.getFileAttributeView(root.resolve("etc/abc"), UserDefinedFileAttributeView.class)
        .write("note", ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));

    assertThat(scan(Map.of()).get("/etc/abc").xattrs())
        .containsExactly(Map.entry("user.note", "AAH/"));
    assertThat(scan(Map.of()).get("/etc").xattrs()).isNull();
  }

  @Test
  void keepsNamesThatTheLocaleCannotShow() throws Exception {
    // made by a program, because a Java path of such a name depends on the locale
    Process made =
        new ProcessBuilder(
                "sh",
                "-c",
                "cd \"$1\" && : > \"$(printf 'f\\305\\221')\" && : > \"$(printf 'bad\\377%%')\""
                    + " && ln -s \"$(printf 't\\305\\221')\" sym",
                "sh",
                root.toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();

    Map<String, ManifestEntry> all = scan(Map.of("/f\u0151", "fonts"));

    assertThat(all.get("/f\u0151").owner()).isEqualTo("fonts");
    assertThat(all.get("/f\u0151").escaped()).isNull();
    assertThat(all.get("/bad%FF%25").escaped()).isTrue();
    assertThat(all.get("/sym").target()).isEqualTo("t\u0151");
  }

  @Test
  void comesBackAsItWasWritten() throws Exception {
    List<ManifestEntry> entries = TreeScanner.scan(root, Map.of("/etc/abc", "base"));
    Path file = temp.resolve("manifest.jsonl.gz");
    ManifestFile.write(file, entries);

    assertThat(entries).isSortedAccordingTo(Comparator.comparing(ManifestEntry::path));
    assertThat(ManifestFile.read(file)).isEqualTo(entries);
  }

  @Test
  void aDamagedManifestIsAnErrorNotAShorterList() throws Exception {
    Path file = temp.resolve("manifest.jsonl.gz");
    ManifestFile.write(file, TreeScanner.scan(root, Map.of()));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> ManifestFile.read(file)).isInstanceOf(IOException.class);
    Files.write(file, "no gzip".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ManifestFile.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void sizeCountsLinkedFilesOnce() throws Exception {
    long with = TreeSize.of(root);
    Files.delete(root.resolve("hard"));

    assertThat(TreeSize.of(root)).isEqualTo(with);
    Files.delete(root.resolve("etc/abc"));
    assertThat(TreeSize.of(root)).isEqualTo(with - 4096);
  }
}
