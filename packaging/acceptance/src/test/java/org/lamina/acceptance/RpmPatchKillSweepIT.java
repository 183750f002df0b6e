package org.lamina.acceptance;

/** On a template of the rpm family. */
class RpmPatchKillSweepIT extends PatchKillSweep {
  RpmPatchKillSweepIT() {
    super(new QuickRpm(), 820, 1);
  }
}
