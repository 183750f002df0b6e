package org.lamina.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file of {@code KEY="value"} lines. Such files may be sourced by shells, so values
 * can look like code; here they are text and nothing else. Immutable: changes give a new object in
 * which comments, unrelated lines and their order are as before.
 */
public final class ConfFile {
  /** Larger files are refused; real ones have a few kilobytes. */
  static final int MAX_BYTES = 1 << 20;

  public static final ConfFile EMPTY = new ConfFile(List.of());

  private final List<ConfLine> lines;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  private ConfFile(List<ConfLine> lines) {
    this.lines = List.copyOf(lines);
    int number = 0;
    for (ConfLine line : lines) {
      number++;
      String key = line.key();
      if (line.problem() != null) {
        warnings.add("line " + number + ": " + line.problem());
      } else if (key != null && values.putIfAbsent(key, line.value()) != null) {
        warnings.add("line " + number + ": " + key + " is given again; the first value counts");
      }
    }
  }

  /** Reads text; what cannot be understood is kept and named in {@link #warnings()}. */
  public static ConfFile parse(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return new ConfFile(body.lines().map(ConfLine::parse).toList());
  }

  /**
   * @throws LaminaException BAD_CONFIG if the file is too large, not UTF-8, or no regular file
   *     (which might never end, or never begin)
   * @throws IOException if it cannot be read
   */
  public static ConfFile read(Path file) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new LaminaException(ExitCode.BAD_CONFIG, file + " is not a regular file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new LaminaException(
          ExitCode.BAD_CONFIG, file + " is larger than " + MAX_BYTES + " bytes");
    }
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new LaminaException(ExitCode.BAD_CONFIG, file + " is not UTF-8 text", null, e);
    }
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Every key with its value, in the order of the file. */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /** What was odd about the file, one sentence each. */
  public List<String> warnings() {
    return Collections.unmodifiableList(warnings);
  }

  /**
   * This file with one value changed, added at the end, or (null) removed; a repeated key is
   * reduced to one line.
   *
   * @throws LaminaException BAD_PARAMETER for a key or value that a line cannot hold
   */
  public ConfFile with(String key, @Nullable String value) {
    List<ConfLine> changed = new ArrayList<>();
    boolean placed = value == null;
    for (ConfLine line : lines) {
      if (!key.equals(line.key())) {
        changed.add(line);
      } else if (!placed && value != null) {
        changed.add(value.equals(line.value()) ? line : ConfLine.of(key, value));
        placed = true;
      }
    }
    if (!placed && value != null) {
      changed.add(ConfLine.of(key, value));
    }
    return new ConfFile(changed);
  }

  /** The text of the file; unchanged lines exactly as they were read. */
  public String render() {
    StringBuilder out = new StringBuilder();
    lines.forEach(line -> out.append(line.raw()).append('\n'));
    return out.toString();
  }

  /**
   * Replaces a file atomically, following a symbolic link; readers see the old or the new text.
   *
   * @param durable true returns only when the new text survives power loss
   */
  public void write(Path file, boolean durable) throws IOException {
    AtomicFile.write(file, render().getBytes(StandardCharsets.UTF_8), durable);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfFile that && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  @Override
  public String toString() {
    return render();
  }
}
