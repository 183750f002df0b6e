package org.lamina.templates.tree;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code manifest.jsonl.gz}: one JSON object per line, sorted by path. */
public final class ManifestFile {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int MOST = 4;

  private record Identity(Path file, FileTime written, Object inode) {}

  /** The heap is small, so few, and only as long as there is room. */
  private static final Map<Identity, SoftReference<List<ManifestEntry>>> LATELY =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Identity, SoftReference<List<ManifestEntry>>> eldest) {
          return size() > MOST;
        }
      };

  private ManifestFile() {}

  public static void write(Path file, List<ManifestEntry> entries) throws IOException {
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 64 * 1024),
                StandardCharsets.UTF_8),
            64 * 1024)) {
      for (ManifestEntry entry : entries) {
        out.write(MAPPER.writeValueAsString(entry));
        out.write('\n');
      }
    }
  }

  /**
   * Reads one, or gives what was read of it lately, because a roll-out looks at the same few again
   * and again. Unmodifiable.
   *
   * @throws IOException also if the file is damaged
   */
  public static List<ManifestEntry> read(Path file) throws IOException {
    Identity identity =
        new Identity(
            file.toAbsolutePath(),
            Files.getLastModifiedTime(file),
            Files.getAttribute(file, "unix:ino"));
    synchronized (LATELY) {
      @Nullable SoftReference<List<ManifestEntry>> known = LATELY.get(identity);
      @Nullable List<ManifestEntry> entries = known == null ? null : known.get();
      if (entries != null) {
        return entries;
      }
    }
    List<ManifestEntry> entries = Collections.unmodifiableList(parse(file));
    synchronized (LATELY) {
      LATELY.put(identity, new SoftReference<>(entries));
    }
    return entries;
  }

  private static List<ManifestEntry> parse(Path file) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file), 64 * 1024),
                StandardCharsets.UTF_8))) {
      List<ManifestEntry> out = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.add(MAPPER.readValue(line, ManifestEntry.class));
      }
      return out;
    } catch (JacksonException e) {
      throw new IOException("line of " + file + " is no manifest entry", e);
    }
  }
}
