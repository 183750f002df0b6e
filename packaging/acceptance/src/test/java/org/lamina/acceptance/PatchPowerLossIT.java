package org.lamina.acceptance;

/** On a template of Debian's. */
class PatchPowerLossIT extends PatchPowerLoss {
  PatchPowerLossIT() {
    super(new QuickDebian(), 421, 2);
  }
}
