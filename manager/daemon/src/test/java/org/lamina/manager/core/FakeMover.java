package org.lamina.manager.core;

import java.nio.file.Path;
import org.lamina.manager.core.patch.Mover;
import org.lamina.templates.Generation;

/** Of a host on which nothing is patched. */
final class FakeMover implements Mover {
  @Override
  public Route route(Generation from, Generation to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int tidy(Container c, int oldest, Path delta) {
    return 0;
  }
}
