package org.lamina.acceptance;

/** On a template of the rpm family. */
class RpmPatchPowerLossIT extends PatchPowerLoss {
  RpmPatchPowerLossIT() {
    super(new QuickRpm(), 822, 1);
  }
}
