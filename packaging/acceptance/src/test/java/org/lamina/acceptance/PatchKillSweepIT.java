package org.lamina.acceptance;

import org.junit.jupiter.api.Test;

/** On a template of Debian's. */
class PatchKillSweepIT extends PatchKillSweep {
  PatchKillSweepIT() {
    super(new QuickDebian(), 401, 3);
  }

  /** Of one family only: whoever is restarted is moved as the stopped container is. */
  @Test
  void restartsInBetween() {
    sweep("--restart");
  }
}
