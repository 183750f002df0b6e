package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the source files of an apt directory the way apt does. */
final class AptSourceFiles {
  private AptSourceFiles() {}

  /**
   * @param apt directory such as {@code /etc/apt}; a missing one holds nothing
   */
  static List<AptSource> read(Path apt) throws IOException {
    List<AptSource> out = new ArrayList<>();
    Path list = apt.resolve("sources.list");
    if (Files.isRegularFile(list)) {
      out.addAll(AptSourceParser.oneLine(text(list), list.toString()));
    }
    Path parts = apt.resolve("sources.list.d");
    if (Files.isDirectory(parts)) {
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(parts, "*.{list,sources}")) {
        stream.forEach(files::add);
      }
      files.sort(null);
      for (Path file : files) {
        if (!Files.isRegularFile(file)) {
          continue;
        }
        out.addAll(
            file.toString().endsWith(".list")
                ? AptSourceParser.oneLine(text(file), file.toString())
                : AptSourceParser.deb822(text(file), file.toString()));
      }
    }
    return out.stream().map(AptSourceFiles::withoutMirrorLists).toList();
  }

  /**
   * A {@code mirror+file:} list exists on the host only; its first mirror is a URI that also works
   * inside a container.
   */
  private static AptSource withoutMirrorLists(AptSource source) {
    List<String> uris = new ArrayList<>();
    for (String uri : source.uris()) {
      if (uri.startsWith("mirror+file:")) {
        uris.addAll(
            mirrors(Path.of(uri.substring("mirror+file:".length()).replaceAll("^/+", "/"))));
      } else {
        uris.add(uri);
      }
    }
    return new AptSource(
        uris, source.suites(), source.components(), source.signedBy(), source.file());
  }

  private static List<String> mirrors(Path list) {
    try {
      return text(list)
          .lines()
          .map(String::strip)
          .filter(l -> !l.isEmpty() && !l.startsWith("#"))
          .map(l -> l.split("\\s+")[0])
          .toList();
    } catch (IOException e) {
      // apt cannot use a source whose mirror list is missing either
      return List.of();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
