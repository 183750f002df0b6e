package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.FileCapability;
import org.lamina.schema.LaminaException;

/** Needs root, because the container's files belong to other users. */
class FdGuestRootIT {
  private static final int BASE = 1_048_576;

  @TempDir Path directory;
  private Path guest;
  private GuestRoot root;

  @BeforeEach
  void open() throws IOException {
    guest = Files.createDirectories(directory.resolve("guest"));
    Files.createDirectories(guest.resolve("etc"));
    root =
        new FdGuestRoot(
            Kernel.linux(), Kernel.linux().files().openDirectory(guest.toString()), BASE);
  }

  @Test
  void write_makesAFileWithTheContainersOwner() throws IOException {
    root.write("etc/passwd", bytes("root\n"), 0644, 0, 42);
    assertThat(guest.resolve("etc/passwd")).hasContent("root");
    assertThat(Files.getAttribute(guest.resolve("etc/passwd"), "unix:uid")).isEqualTo(BASE);
    assertThat(Files.getAttribute(guest.resolve("etc/passwd"), "unix:gid")).isEqualTo(BASE + 42);
    Instant written = Files.getLastModifiedTime(guest.resolve("etc/passwd")).toInstant();
    assertThat(root.info("etc/passwd"))
        .contains(new GuestRoot.Info(GuestRoot.Type.FILE, 0644, 0, 42, 5, written));
    assertThat(root.list("etc")).containsExactly("passwd");
  }

  @Test
  void write_setsTheTimeThatIsAskedFor() {
    Instant released = Instant.parse("2024-05-06T07:08:09Z");
    root.write("etc/conf", new ByteArrayInputStream(bytes("x")), 0644, 0, 0, released, Map.of());
    assertThat(root.info("etc/conf")).map(GuestRoot.Info::modified).contains(released);
    root.write("etc/conf", bytes("y"), 0644, 0, 0);
    assertThat(root.info("etc/conf").orElseThrow().modified())
        .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void write_replacesALinkAndLeavesItsTarget() throws IOException {
    Path host = Files.writeString(directory.resolve("host"), "untouched");
    Files.createSymbolicLink(guest.resolve("etc/hostname"), host);
    root.write("etc/hostname", bytes("web1\n"), 0644, 0, 0);
    assertThat(host).hasContent("untouched");
    assertThat(Files.isSymbolicLink(guest.resolve("etc/hostname"))).isFalse();
  }

  @Test
  void write_resolvesADirectoryLinkInsideTheRoot() throws IOException {
    Files.createDirectories(guest.resolve("real"));
    Files.createSymbolicLink(guest.resolve("alias"), Path.of("/real"));
    root.write("alias/file", bytes("x"), 0600, 0, 0);
    assertThat(guest.resolve("real/file")).hasContent("x");
    Files.createSymbolicLink(guest.resolve("up"), Path.of("../../.."));
    root.write("up/real/other", bytes("y"), 0600, 0, 0);
    assertThat(guest.resolve("real/other")).hasContent("y");
  }

  @Test
  void read_refusesWhatIsNoFileAtOnce() throws Exception {
    assertThat(
            new ProcessBuilder("mkfifo", guest.resolve("etc/shadow").toString()).start().waitFor())
        .isZero();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThatExceptionOfType(LaminaException.class)
                .isThrownBy(() -> root.read("etc/shadow"))
                .withMessageContaining("no regular file"));
  }

  @Test
  void remove_isQuietAboutWhatIsNotThere() throws IOException {
    root.remove("etc/none");
    root.remove("none/none");
    root.makeDirectory("etc/d", 0750, 0, 0);
    assertThat(root.info("etc/d")).map(GuestRoot.Info::mode).contains(0750);
    root.remove("etc/d");
    assertThat(root.info("etc/d")).isEmpty();
    root.link("etc/l", "/somewhere", 0, 0);
    assertThat(root.readLink("etc/l")).isEqualTo("/somewhere");
    root.remove("etc/l");
    assertThat(root.list("etc")).isEmpty();
  }

  @Test
  void write_givesTheAttributesAndNoOthers() {
    byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
    root.write(
        "etc/ping",
        bytes("x"),
        0755,
        0,
        0,
        Map.of(FileCapability.NAME, capability, "user.note", bytes("kept")));
    Map<String, byte[]> seen = root.attributes("etc/ping");
    assertThat(seen).containsOnlyKeys(FileCapability.NAME, "user.note");
    assertThat(seen.get("user.note")).isEqualTo(bytes("kept"));
    assertThat(seen.get(FileCapability.NAME))
        .describedAs("counts for the container's root only")
        .isEqualTo(FileCapability.forRoot(capability, BASE));
    root.write("etc/copy", bytes("x"), 0755, 0, 0, seen);
    assertThat(root.attributes("etc/copy").get(FileCapability.NAME))
        .isEqualTo(seen.get(FileCapability.NAME));
    root.write("etc/ping", bytes("y"), 0755, 0, 0);
    assertThat(root.attributes("etc/ping")).isEmpty();
    assertThat(root.attributes("etc")).isEmpty();
    assertThat(root.attributes("etc/none")).isEmpty();
  }

  @Test
  void makeDirectory_setsOwnerAndModeOfTheOneThere() throws Exception {
    root.makeDirectory("etc/d", 0700, 0, 0);
    root.makeDirectory("etc/d", 0751, 3, 4);
    assertThat(root.info("etc/d"))
        .get()
        .extracting(GuestRoot.Info::mode, GuestRoot.Info::uid, GuestRoot.Info::gid)
        .containsExactly(0751, 3, 4);
    assertThat(new ProcessBuilder("mkfifo", guest.resolve("etc/fifo").toString()).start().waitFor())
        .isZero();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThatExceptionOfType(LaminaException.class)
                .isThrownBy(() -> root.makeDirectory("etc/fifo", 0755, 0, 0))
                .withMessageContaining("no directory"));
  }

  @Test
  void everyPathIsNamedBelowTheRoot() {
    assertThatExceptionOfType(LaminaException.class)
        .isThrownBy(() -> root.write("etc/..", bytes(""), 0600, 0, 0));
    assertThatExceptionOfType(LaminaException.class)
        .isThrownBy(() -> root.write("", bytes(""), 0600, 0, 0));
    assertThatExceptionOfType(LaminaException.class)
        .isThrownBy(() -> root.write("etc/x", bytes(""), 0600, 65_536, 0));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
