package org.lamina.acceptance;

/** On a template of Debian's. */
class PatchKillSweepIT extends PatchKillSweep {
  PatchKillSweepIT() {
    super(new QuickDebian(), 401, 3);
  }
}
