package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.lamina.templates.build.GuestSetup;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.RootTree;

/**
 * Takes out of a new layer what belongs to the update and not to the template. A path that leaves
 * the layer shows what the generation below has there. File operations only.
 */
final class UpdateLeftovers {
  private static final List<String> NOT_OF_A_TEMPLATE =
      List.of("dev", "proc", "sys", "run", "tmp", "var/tmp");
  private static final String LOGS = "var/log";
  private static final Set<String> OF_PACKAGE_OPERATIONS =
      Set.of("alternatives.log", "bootstrap.log", "dpkg.log", "fontconfig.log");

  private UpdateLeftovers() {}

  /**
   * @param upper the new layer
   * @param below the generation that was updated
   */
  static void clean(Path upper, LayerView below) throws IOException {
    RootTree tree = new RootTree(upper);
    for (String path : NOT_OF_A_TEMPLATE) {
      tree.clear(path, Set.of());
    }
    for (String path : DebianCustomiser.GONE) {
      tree.delete(path);
    }
    DebianCustomiser.fetched(tree);
    GuestSetup.hostKeys(tree);
    if (below.find("etc/machine-id").isPresent()) {
      tree.delete("etc/machine-id");
    } else {
      tree.truncate("etc/machine-id");
    }
    tree.clear(LOGS + "/apt", Set.of());
    tree.clear(LOGS + "/journal", Set.of());
    logs(upper, tree, below);
  }

  /** A log keeps the state it had; a new one starts empty, because its owner and mode matter. */
  private static void logs(Path upper, RootTree tree, LayerView below) throws IOException {
    for (String path : List.of("var", LOGS)) {
      if (!Files.isDirectory(upper.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
    }
    Path logs = upper.resolve(LOGS);
    Files.walkFileTree(
        logs,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = LOGS + "/" + logs.relativize(file);
            if (below.find(path).isPresent()
                || OF_PACKAGE_OPERATIONS.contains(file.getFileName().toString())) {
              tree.delete(path);
            } else {
              tree.truncate(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
