package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.MergedUsr;

/** What dpkg inside a root file system says about itself. Stateless. */
final class DpkgDatabase {
  private static final String DIRECTORY = "var/lib/dpkg";
  private static final String LIST = ".list";
  private static final int STATUS_LIMIT = 64 << 20;

  private DpkgDatabase() {}

  /**
   * @throws IOException also if there is no usable status file
   */
  static PackageSet packages(LayerView view) throws IOException {
    return packages(
        view.read(DIRECTORY + "/status", STATUS_LIMIT)
            .orElseThrow(() -> new IOException("the root file system has no dpkg status")));
  }

  /** The installed packages of a status file. */
  static PackageSet packages(String status) {
    List<String[]> found = new ArrayList<>();
    String own = "";
    for (String stanza : status.split("\n\n")) {
      @Nullable String name = field(stanza, "Package");
      @Nullable String version = field(stanza, "Version");
      @Nullable String state = field(stanza, "Status");
      if (name != null && version != null && state != null && state.endsWith(" installed")) {
        @Nullable String architecture = field(stanza, "Architecture");
        found.add(new String[] {name, version, architecture == null ? "" : architecture});
        // dpkg runs on this machine, so it is never of a foreign architecture.
        own = name.equals("dpkg") && architecture != null ? architecture : own;
      }
    }
    SortedMap<String, String> versions = new TreeMap<>();
    SortedMap<String, String> architectures = new TreeMap<>();
    for (String[] p : found) {
      boolean foreign = !own.isEmpty() && !p[2].equals(own) && !p[2].equals("all");
      String key = foreign ? p[0] + ":" + p[2] : p[0];
      versions.put(key, p[1]);
      architectures.put(key, p[2]);
    }
    return new PackageSet(versions, architectures);
  }

  private static @Nullable String field(String stanza, String name) {
    for (String line : stanza.split("\n")) {
      if (line.startsWith(name + ": ")) {
        return line.substring(name.length() + 2).strip();
      }
    }
    return null;
  }

  /** Path to owning package, diversions and the merged {@code /usr} taken into account. */
  static Map<String, String> owners(LayerView view) throws IOException {
    MergedUsr merged = MergedUsr.of(view);
    List<String> diversions = lines(view.find(DIRECTORY + "/diversions"));
    Map<String, String> out = new HashMap<>();
    for (Map.Entry<String, Path> list : view.list(DIRECTORY + "/info").entrySet()) {
      if (list.getKey().endsWith(LIST)) {
        String owner =
            list.getKey()
                .substring(0, list.getKey().length() - LIST.length())
                .replaceFirst(":.*", "");
        for (String path : lines(Optional.of(list.getValue()))) {
          out.put(merged.real(diverted(path, owner, diversions)), owner);
        }
      }
    }
    return out;
  }

  private static List<String> lines(Optional<Path> file) throws IOException {
    return file.isPresent() && Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)
        ? Files.readAllLines(file.get(), StandardCharsets.UTF_8)
        : List.of();
  }

  /** Lines in threes: the path, where others' files of that path go, and whose stays. */
  static String diverted(String path, String owner, List<String> diversions) {
    for (int i = 0; i + 2 < diversions.size(); i += 3) {
      if (diversions.get(i).equals(path) && !diversions.get(i + 2).equals(owner)) {
        return diversions.get(i + 1);
      }
    }
    return path;
  }
}
