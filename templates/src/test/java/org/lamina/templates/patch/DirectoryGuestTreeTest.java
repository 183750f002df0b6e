package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.FileCapability;

class DirectoryGuestTreeTest {
  @TempDir private Path temp;
  private Path root;
  private DirectoryGuestTree guest;
  private Attributes mine;

  @BeforeEach
  void root() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    int uid = (Integer) Files.getAttribute(root, "unix:uid");
    int gid = (Integer) Files.getAttribute(root, "unix:gid");
    guest = new DirectoryGuestTree(root, 0);
    mine = new Attributes("0640", uid, gid);
    Files.createDirectory(root.resolve("etc"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesWholeFilesAndKeepsOwnerAndMode() throws IOException {
    guest.write("etc/a", bytes("1"), mine, Map.of());
    Object inode = Files.getAttribute(root.resolve("etc/a"), "unix:ino");
    guest.write("etc/a", bytes("2"), null, Map.of());

    assertThat(root.resolve("etc/a")).hasContent("2");
    assertThat(guest.stat("etc/a").attributes()).isEqualTo(mine);
    assertThat(Files.getAttribute(root.resolve("etc/a"), "unix:ino"))
        .as("whoever has the old file open keeps it whole")
        .isNotEqualTo(inode);
    assertThat(guest.list("etc")).containsExactly("a");
  }

  @Test
  void setsTheTimeThatIsAskedFor() throws IOException {
    Instant released = Instant.parse("2024-05-06T07:08:09Z");
    guest.write("etc/a", new ByteArrayInputStream(bytes("1")), mine, released, Map.of());
    assertThat(guest.stat("etc/a").modified()).isEqualTo(released);
  }

  @Test
  void setsTheSetuidBitLast() throws IOException {
    Attributes setuid = new Attributes("4755", mine.uid(), mine.gid());
    guest.write("etc/su", bytes("x"), setuid, Map.of());
    assertThat(guest.stat("etc/su").attributes()).isEqualTo(setuid);
  }

  @Test
  void keepsExtendedAttributes() throws IOException {
    guest.write("etc/a", bytes("1"), mine, Map.of("user.note", "AAH/"));
    try (Beneath.Handle handle = Beneath.open(root, bytes("etc/a"))) {
      assertThat(handle.attributes()).containsEntry("user.note", "AAH/");
    }
  }

  @Test
  void replacesLinksAndEmptyDirectoriesOnly() throws IOException {
    Path host = Files.writeString(temp.resolve("host"), "precious");
    Files.createSymbolicLink(root.resolve("etc/link"), host);
    Files.createDirectory(root.resolve("etc/empty"));
    Files.createDirectories(root.resolve("etc/full/x"));

    guest.write("etc/link", bytes("1"), mine, Map.of());
    guest.link("etc/empty", bytes("t\u0151"), mine.uid(), mine.gid());

    assertThat(host).hasContent("precious");
    assertThat(guest.stat("etc/link").type()).isEqualTo(GuestTree.Stat.Type.FILE);
    assertThat(guest.stat("etc/empty").type()).isEqualTo(GuestTree.Stat.Type.SYMLINK);
    assertThatThrownBy(() -> guest.write("etc/full", bytes("1"), mine, Map.of()))
        .isInstanceOf(IOException.class);
    assertThat(guest.remove("etc/full")).isFalse();
    assertThat(guest.remove("etc/empty")).isTrue();
    assertThat(guest.remove("etc/none")).isFalse();
  }

  @Test
  void linksOnTheWayAreNotFollowed() throws IOException {
    Path host = Files.createDirectory(temp.resolve("host"));
    Files.writeString(host.resolve("f"), "precious");
    Files.createSymbolicLink(root.resolve("var"), host);

    assertThat(guest.stat("var/f")).isNull();
    assertThat(guest.list("var")).isEmpty();
    assertThat(guest.remove("var/f")).isFalse();
    assertThatThrownBy(() -> guest.read("var/f")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> guest.write("var/f", bytes("1"), mine, Map.of()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> guest.makeDirectory("var/d", mine)).isInstanceOf(IOException.class);
    assertThat(host.resolve("f")).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/etc/x", "etc//x", "etc/../x", ""})
  void badPathsAreRefused(String path) {
    assertThatThrownBy(() -> guest.write(path, bytes("1"), mine, Map.of()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void namesThatTheLocaleCannotWrite() throws IOException {
    guest.write("etc/F\u0151.crt", bytes("1"), mine, Map.of());
    assertThat(guest.list("etc")).containsExactly("F\u0151.crt");
    assertThat(guest.read("etc/F\u0151.crt")).isEqualTo(bytes("1"));
    assertThat(guest.remove("etc/F\u0151.crt")).isTrue();
  }

  @Test
  void capabilitiesOfFilesAreOneWhoeverWroteThem() {
    String host = "AQAAAgAgAAAAAAAAAAAAAAAAAAA=";
    byte[] value = java.util.Base64.getDecoder().decode(host);
    byte[] inside = FileCapability.forRoot(value, 100000);
    String text = java.util.Base64.getEncoder().encodeToString(inside);

    assertThat(inside).hasSize(24);
    assertThat(FileCapability.plain("security.capability", text)).isEqualTo(host);
    assertThat(FileCapability.forRoot(value, 0)).isEqualTo(value);
    assertThat(FileCapability.plain("user.note", text)).isEqualTo(text);
  }
}
