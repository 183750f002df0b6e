package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.lamina.templates.build.GuestSetup;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.RootTree;

/** Takes out of a new layer what belongs to the update and not to the template. */
final class UpdateRemains {
  private static final List<String> EMPTY =
      List.of("dev", "proc", "sys", "run", "tmp", "var/tmp", "var/log/journal");

  private UpdateRemains() {}

  /**
   * @param upper the new layer
   * @param below the generation that was updated
   */
  static void clean(Path upper, LayerView below) throws IOException {
    RootTree tree = new RootTree(upper);
    for (String path : EMPTY) {
      tree.clear(path, Set.of());
    }
    for (String path : RpmCustomiser.GONE) {
      tree.delete(path);
    }
    GuestSetup.hostKeys(tree);
    if (below.find("etc/machine-id").isPresent()) {
      tree.delete("etc/machine-id");
    } else {
      tree.truncate("etc/machine-id");
    }
  }
}
