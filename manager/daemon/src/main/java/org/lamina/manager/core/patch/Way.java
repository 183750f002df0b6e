package org.lamina.manager.core.patch;

import org.lamina.manager.core.Container;
import org.lamina.templates.Generation;

/**
 * One container's way from one generation to another.
 *
 * @param again it is to run in the end
 */
record Way(Container c, Generation from, Generation to, Mover.Route route, boolean again) {
  SwitchIntent intent() {
    return new SwitchIntent(true, from.number(), to.number(), again);
  }

  UndoJournal journal(Ground ground) {
    return new UndoJournal(ground.area(c.ctid()), from.number(), to.number());
  }
}
