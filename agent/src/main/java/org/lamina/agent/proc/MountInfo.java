package org.lamina.agent.proc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/PID/mountinfo}.
 *
 * @param id mount id
 * @param parent mount id of the parent
 * @param device {@code major:minor} of the superblock
 * @param root the directory of that file system that is mounted
 * @param mountPoint where, as the reading process sees it
 * @param options per-mount options
 * @param propagation optional fields such as {@code shared:7}
 * @param type file system type
 * @param source what the mounter named as the source
 * @param superOptions per-superblock options
 */
public record MountInfo(
    int id,
    int parent,
    String device,
    String root,
    String mountPoint,
    List<String> options,
    List<String> propagation,
    String type,
    String source,
    List<String> superOptions) {

  /** All well-formed lines in the kernel's order, which is the order of mounting. */
  public static List<MountInfo> parse(List<String> lines) {
    return lines.stream().flatMap(line -> parseLine(line).stream()).toList();
  }

  /** Empty if the line is not of the documented form. */
  public static Optional<MountInfo> parseLine(String line) {
    List<String> fields = Arrays.asList(line.split(" ", -1));
    int separator = fields.indexOf("-");
    // An empty source is written as nothing, so that the super options may be field 2 or 3.
    if (separator < 6 || fields.size() < separator + 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new MountInfo(
              Integer.parseInt(fields.get(0)),
              Integer.parseInt(fields.get(1)),
              fields.get(2),
              unescape(fields.get(3)),
              unescape(fields.get(4)),
              options(fields.get(5)),
              List.copyOf(fields.subList(6, separator)),
              unescape(fields.get(separator + 1)),
              unescape(fields.get(separator + 2)),
              options(fields.get(separator + 3))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static List<String> options(String field) {
    List<String> options = new ArrayList<>();
    for (String option : field.split(",")) {
      options.add(unescape(option));
    }
    return List.copyOf(options);
  }

  /**
   * Undoes the kernel's octal escapes ({@code \040} for a blank). A backslash that starts none is
   * kept.
   */
  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '\\' && isOctalTriple(in, i + 1)) {
        out.write((in[i + 1] - '0') << 6 | (in[i + 2] - '0') << 3 | (in[i + 3] - '0'));
        i += 3;
      } else {
        out.write(in[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean isOctalTriple(byte[] in, int at) {
    return at + 2 < in.length
        && in[at] >= '0'
        && in[at] <= '3'
        && in[at + 1] >= '0'
        && in[at + 1] <= '7'
        && in[at + 2] >= '0'
        && in[at + 2] <= '7';
  }
}
