package org.lamina.templates.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.lamina.templates.definition.DefinitionReader;

/**
 * Where things lie below the store's directory: {@code NAME/N/{meta.json,manifest.jsonl.gz,fs}},
 * unfinished work in {@code .staging/NAME@RANDOM} and {@code .scratch}, locks in {@code
 * .locks/NAME}.
 *
 * @param root the store's directory
 */
public record StoreLayout(Path root) {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  Path staging() {
    return root.resolve(".staging");
  }

  /** What questions about package databases need while they are answered. */
  public Path scratch() {
    return root.resolve(".scratch");
  }

  Path locks() {
    return root.resolve(".locks");
  }

  Path template(String name) {
    return root.resolve(name);
  }

  Path generation(String name, int number) {
    return template(name).resolve(Integer.toString(number));
  }

  /**
   * The number for the next generation. Numbers are never used twice, because containers and caches
   * know generations by them.
   */
  int next(String name) throws IOException {
    List<Integer> numbers = generations(name);
    int highest = numbers.isEmpty() ? -1 : numbers.getLast();
    Path file = highest(name);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (!NUMBER.matcher(text).matches()) {
        throw new IOException(file + " holds no number");
      }
      highest = Math.max(highest, Integer.parseInt(text));
    }
    return highest + 1;
  }

  /** There if nobody may choose the generation any more, because it becomes part of a later one. */
  Path folding(String name, int number) {
    return generation(name, number).resolve("folding");
  }

  /** Where the highest number is kept once its generation is gone. */
  Path highest(String name) {
    return template(name).resolve("highest");
  }

  /** Makes what is missing; closed to all but root, because templates hold setuid programs. */
  void prepare() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(staging());
    Files.createDirectories(locks());
  }

  /** Names of the published templates, sorted. */
  List<String> templates() throws IOException {
    List<String> out = new ArrayList<>();
    for (Path entry : directories(root)) {
      String name = entry.getFileName().toString();
      if (DefinitionReader.validName(name)) {
        out.add(name);
      }
    }
    out.sort(null);
    return out;
  }

  /** Numbers of a template's generations, ascending; empty if there is no such template. */
  List<Integer> generations(String name) throws IOException {
    List<Integer> out = new ArrayList<>();
    if (DefinitionReader.validName(name)) {
      for (Path entry : directories(template(name))) {
        String number = entry.getFileName().toString();
        if (NUMBER.matcher(number).matches()) {
          out.add(Integer.valueOf(number));
        }
      }
    }
    out.sort(null);
    return out;
  }

  /** Unfinished work, of the living and of the dead. */
  List<Path> staged() throws IOException {
    return directories(staging());
  }

  private static List<Path> directories(Path parent) throws IOException {
    List<Path> out = new ArrayList<>();
    if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
      return out;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          out.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // removed between the check and the listing
      return List.of();
    }
    return out;
  }
}
