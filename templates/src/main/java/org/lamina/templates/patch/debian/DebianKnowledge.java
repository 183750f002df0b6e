package org.lamina.templates.patch.debian;

import java.io.IOException;
import org.lamina.templates.patch.Between;
import org.lamina.templates.patch.PackageFamily;

/** How containers of the Debian family are patched. Thread safe. */
public final class DebianKnowledge implements Between.Knowledge {
  @Override
  public String family() {
    return "debian";
  }

  @Override
  public PackageFamily of(Between generations) throws IOException {
    return new DebianFamily(generations.diff(), generations.base(), generations.next());
  }
}
