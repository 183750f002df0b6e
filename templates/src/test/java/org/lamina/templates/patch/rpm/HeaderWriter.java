package org.lamina.templates.patch.rpm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes package headers as rpm does, with the tags that patching reads. */
public final class HeaderWriter {
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int entries;

  /**
   * One header.
   *
   * @param requires each a {@code NAME=VERSION-RELEASE}, told as dependencies
   * @param files each a path, with {@code %} in front of a configuration file and {@code %%} of one
   *     that is not replaced
   */
  public static byte[] header(
      String name, String evr, String architecture, List<String> requires, List<String> files) {
    HeaderWriter out = new HeaderWriter();
    Evr version = Evr.parse(evr);
    out.strings(RpmHeader.NAME, 6, List.of(name));
    out.strings(RpmHeader.VERSION, 6, List.of(version.version()));
    out.strings(RpmHeader.RELEASE, 6, List.of(version.release()));
    if (version.epoch() > 0) {
      out.numbers(RpmHeader.EPOCH, List.of((int) version.epoch()));
    }
    out.strings(RpmHeader.ARCH, 6, List.of(architecture));
    if (!requires.isEmpty()) {
      out.strings(1049, 8, requires);
    }
    if (!files.isEmpty()) {
      List<String> paths = files.stream().map(f -> f.replaceFirst("^%+", "")).toList();
      out.numbers(
          RpmHeader.FILE_FLAGS,
          files.stream()
              .map(f ->
                  f.startsWith("%%")
                      ? RpmHeader.CONFIG | RpmHeader.NO_REPLACE
                      : f.startsWith("%") ? RpmHeader.CONFIG : 0)
              .toList());
      out.numbers(
          RpmHeader.DIRECTORY_INDEXES,
          java.util.stream.IntStream.range(0, paths.size()).boxed().toList());
      out.strings(
          RpmHeader.BASE_NAMES,
          8,
          paths.stream().map(p -> p.substring(p.lastIndexOf('/') + 1)).toList());
      out.strings(
          RpmHeader.DIRECTORY_NAMES,
          8,
          paths.stream().map(p -> "/" + p.substring(0, p.lastIndexOf('/') + 1)).toList());
    }
    return out.bytes();
  }

  private void entry(int tag, int type, int count) {
    index.writeBytes(
        ByteBuffer.allocate(16).putInt(tag).putInt(type).putInt(data.size()).putInt(count).array());
    entries++;
  }

  private void strings(int tag, int type, List<String> values) {
    entry(tag, type, values.size());
    values.forEach(v -> data.writeBytes((v + "\0").getBytes(StandardCharsets.UTF_8)));
  }

  private void numbers(int tag, List<Integer> values) {
    while (data.size() % 4 != 0) {
      data.write(0);
    }
    entry(tag, 4, values.size());
    values.forEach(v -> data.writeBytes(ByteBuffer.allocate(4).putInt(v).array()));
  }

  private byte[] bytes() {
    return ByteBuffer.allocate(16 + index.size() + data.size())
        .putLong(0x8eade801L << 32)
        .putInt(entries)
        .putInt(data.size())
        .put(index.toByteArray())
        .put(data.toByteArray())
        .array();
  }
}
