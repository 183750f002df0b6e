package org.lamina.manager.core.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.GuestRoot;
import org.lamina.schema.LaminaException;

/** Journals that another release of the daemon wrote before it was replaced. */
class UndoJournalTest {
  private static final int UNTIMED = 0x4c41554f;
  private static final int TIMED = 0x4c415550;
  private static final Instant CHANGED = Instant.parse("2024-05-06T07:08:09.000000010Z");

  private static final List<String> RESTORED =
      List.of(
          "directory etc/own 0750 7:8",
          "remove etc/new/file",
          "remove etc/new",
          "write etc/own/file 04755 7:8 {user.own=[1, 2]}: of its own",
          "link etc/link -> own/file 0:9");

  @TempDir Path area;

  @Test
  void aJournalWithoutTimesIsRestoredWhole() throws IOException {
    Instant before = Instant.now();
    write(UNTIMED);
    Notes notes = new Notes();
    new UndoJournal(area, 1, 2).restore(notes);
    assertThat(notes.deeds).isEqualTo(RESTORED);
    assertThat(notes.times)
        .singleElement()
        .satisfies(time -> {
          assertThat(time).as("changed now").isBetween(before, Instant.now());
        });
  }

  @Test
  void aJournalWithTimesIsRestoredWithThem() throws IOException {
    write(TIMED);
    Notes notes = new Notes();
    new UndoJournal(area, 1, 2).restore(notes);
    assertThat(notes.deeds).isEqualTo(RESTORED);
    assertThat(notes.times).containsExactly(CHANGED);
  }

  @Test
  void ofAnyOtherFormNothingIsRestored() throws IOException {
    write(TIMED + 1);
    Notes notes = new Notes();
    assertThatThrownBy(() -> new UndoJournal(area, 1, 2).restore(notes))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining("undo-1-2: not a journal");
    assertThat(notes.deeds).isEmpty();
  }

  private void write(int magic) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(area.resolve("undo-1-2")))) {
      out.writeInt(magic);
      out.writeInt(5);
      object(
          out,
          magic,
          "etc/own/file",
          "FILE",
          04755,
          7,
          8,
          Map.of("user.own", 0x0102),
          "of its own");
      object(out, magic, "etc/link", "SYMLINK", 0777, 0, 9, Map.of(), "own/file");
      object(out, magic, "etc/new", "-", 0, 0, 0, Map.of(), "");
      object(out, magic, "etc/new/file", "-", 0, 0, 0, Map.of(), "");
      object(out, magic, "etc/own", "DIRECTORY", 0750, 7, 8, Map.of(), "");
    }
  }

  private static void object(
      DataOutputStream out,
      int magic,
      String path,
      String type,
      int mode,
      int uid,
      int gid,
      Map<String, Integer> attributes,
      String content)
      throws IOException {
    out.writeInt(path.length());
    out.writeBytes(path);
    out.writeUTF(type);
    out.writeInt(mode);
    out.writeInt(uid);
    out.writeInt(gid);
    if (magic != UNTIMED) {
      out.writeLong(CHANGED.getEpochSecond());
      out.writeInt(CHANGED.getNano());
    }
    out.writeInt(attributes.size());
    for (Map.Entry<String, Integer> attribute : attributes.entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeInt(2);
      out.writeShort(attribute.getValue());
    }
    out.writeLong(content.length());
    out.writeBytes(content);
  }

  /** An empty root that writes down what is done to it. */
  private static final class Notes implements GuestRoot {
    final List<String> deeds = new ArrayList<>();
    final List<Instant> times = new ArrayList<>();

    @Override
    public Optional<Info> info(String path) {
      return Optional.empty();
    }

    @Override
    public byte[] read(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public InputStream open(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public String readLink(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public List<String> list(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public Map<String, byte[]> attributes(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public void write(
        String path,
        InputStream content,
        int mode,
        int uid,
        int gid,
        @Nullable Instant modified,
        Map<String, byte[]> attributes) {
      StringBuilder text = new StringBuilder();
      attributes.forEach(
          (name, value) -> text.append("{%s=%s}: ".formatted(name, Arrays.toString(value))));
      try {
        text.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      deeds.add("write %s %05o %d:%d %s".formatted(path, mode, uid, gid, text));
      times.add(modified);
    }

    @Override
    public void link(String path, String target, int uid, int gid) {
      deeds.add("link %s -> %s %d:%d".formatted(path, target, uid, gid));
    }

    @Override
    public void makeDirectory(String path, int mode, int uid, int gid) {
      deeds.add("directory %s %04o %d:%d".formatted(path, mode, uid, gid));
    }

    @Override
    public void remove(String path) {
      deeds.add("remove " + path);
    }

    @Override
    public void close() {}
  }
}
