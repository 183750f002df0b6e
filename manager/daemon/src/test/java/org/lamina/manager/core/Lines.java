package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Remembers what was said. */
final class Lines implements Listener {
  final List<String> said = Collections.synchronizedList(new ArrayList<>());
  final List<String> warned = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void say(String line) {
    said.add(line);
  }

  @Override
  public void warn(String line) {
    warned.add(line);
  }

  @Override
  public void report(int percent, String message) {}
}
