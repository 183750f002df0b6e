package org.lamina.templates.tree;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code manifest.jsonl.gz}: one JSON object per line, sorted by path. */
public final class ManifestFile {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

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
   * @throws IOException also if the file is damaged
   */
  public static List<ManifestEntry> read(Path file) throws IOException {
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
