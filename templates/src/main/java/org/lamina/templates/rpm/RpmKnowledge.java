package org.lamina.templates.rpm;

import java.io.IOException;
import org.lamina.templates.patch.Between;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.rpm.RpmFamily;

/** How containers of the rpm family are patched. Thread safe. */
public final class RpmKnowledge implements Between.Knowledge {
  @Override
  public String family() {
    return "rpm";
  }

  @Override
  public PackageFamily of(Between generations) throws IOException {
    return new RpmFamily(
        generations.diff(),
        generations.base(),
        generations.next(),
        new GuestRpm(generations.baseLayers(), generations.scratch()),
        new GuestRpm(generations.nextLayers(), generations.scratch()));
  }
}
