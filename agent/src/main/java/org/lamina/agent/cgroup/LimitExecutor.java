package org.lamina.agent.cgroup;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Carries a {@link LimitPlan} out: all of it, or none. */
final class LimitExecutor {
  /** Writes one value; the message of what it throws is the kernel's answer. */
  interface Writer {
    void write(LimitWrite write) throws IOException;
  }

  private LimitExecutor() {}

  /**
   * @param name where a knob is, for messages
   * @throws LaminaException with the exit code of the option that failed, after undoing in reverse
   *     what was written
   */
  static void execute(
      Ctid ctid, List<LimitWrite> plan, Function<Knob, String> name, Writer writer) {
    Deque<LimitWrite> done = new ArrayDeque<>();
    for (LimitWrite write : plan) {
      try {
        writer.write(write);
        done.push(write);
      } catch (IOException e) {
        StringBuilder message =
            new StringBuilder("cannot set ")
                .append(write.option().text())
                .append(" of container ")
                .append(ctid)
                .append(": writing ")
                .append(write.value())
                .append(" to ")
                .append(name.apply(write.knob()))
                .append(": ")
                .append(Printable.shorten(Errno.text(e), 200));
        undo(done, name, writer, message);
        throw new LaminaException(
            write.option().exitCode(), message.toString(), write.option().hint(), e);
      }
    }
  }

  private static void undo(
      Deque<LimitWrite> done, Function<Knob, String> name, Writer writer, StringBuilder message) {
    for (LimitWrite write : done) {
      try {
        writer.write(write.reversed());
      } catch (IOException e) {
        message
            .append("; and ")
            .append(name.apply(write.knob()))
            .append(" could not be put back to ")
            .append(write.before())
            .append(": ")
            .append(Printable.shorten(Errno.text(e), 200));
      }
    }
  }
}
