package org.lamina.manager.core;

import org.lamina.schema.Progress;

/** Who follows an operation: lines for people as they become true, and progress in between. */
public interface Listener extends Progress {
  Listener SILENT =
      new Listener() {
        @Override
        public void say(String line) {}

        @Override
        public void warn(String line) {}

        @Override
        public void report(int percent, String message) {}
      };

  /** A line of the operation's normal output, such as {@code Container is mounted}. */
  void say(String line);

  /** A line the operator should notice. */
  void warn(String line);
}
