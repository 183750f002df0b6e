package org.lamina.templates.patch;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * What the makers of a plan have made, each called once. All of it is there before the first step
 * changes anything. Not thread safe.
 */
final class MadeFiles implements AutoCloseable {
  private final IdentityHashMap<PackageDatabase.Maker, PackageDatabase.Made> made =
      new IdentityHashMap<>();

  private MadeFiles() {}

  static MadeFiles of(List<Step> steps) throws IOException {
    MadeFiles out = new MadeFiles();
    boolean all = false;
    try {
      for (Step step : steps) {
        if (step instanceof Step.Make make && !out.made.containsKey(make.maker())) {
          out.made.put(make.maker(), make.maker().make());
        }
      }
      all = true;
      return out;
    } finally {
      if (!all) {
        out.close();
      }
    }
  }

  InputStream open(Step.Make step) throws IOException {
    return Objects.requireNonNull(made.get(step.maker())).open(step.path());
  }

  @Override
  public void close() throws IOException {
    for (PackageDatabase.Made one : new ArrayList<>(made.values())) {
      one.close();
    }
  }
}
