package org.lamina.agent.cgroup;

/**
 * One step of putting limits on.
 *
 * @param before what the file says now and what undoing writes
 * @param value what to write
 * @param option on whose behalf
 */
record LimitWrite(Knob knob, String before, String value, LimitOption option) {
  LimitWrite reversed() {
    return new LimitWrite(knob, value, before, option);
  }
}
