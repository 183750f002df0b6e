package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where paths lie in a root file system whose {@code /bin}, {@code /lib} and the like are links
 * into {@code /usr}. Package managers know files by either name. Immutable.
 */
public final class MergedUsr {
  /** Every path lies where its name says. */
  public static final MergedUsr NONE = new MergedUsr(Map.of());

  private final Map<String, String> links;

  private MergedUsr(Map<String, String> links) {
    this.links = Map.copyOf(links);
  }

  /** Looks at the top-level links of a root file system. */
  public static MergedUsr of(LayerView view) throws IOException {
    Map<String, String> out = new HashMap<>();
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Optional<Path> top = view.find(name);
      if (top.isPresent()
          && Files.isSymbolicLink(top.get())
          && Files.readSymbolicLink(top.get()).toString().equals("usr/" + name)) {
        out.put("/" + name + "/", "/usr/" + name + "/");
      }
    }
    return new MergedUsr(out);
  }

  /**
   * @param path with a leading slash
   */
  public String real(String path) {
    int slash = path.indexOf('/', 1);
    String top = slash < 0 ? "" : path.substring(0, slash + 1);
    String usr = links.get(top);
    return usr == null ? path : usr + path.substring(slash + 1);
  }
}
