package org.lamina.manager.cli;

import java.util.List;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Printable;

/**
 * One run of a program.
 *
 * @param args what is left to read
 * @param quiet no lines about how the work goes
 * @param verbose steps are told as lines
 */
public record Call(List<String> args, Caller caller, Output out, boolean quiet, boolean verbose) {
  public Call {
    args = List.copyOf(args);
  }

  public Call(List<String> args, Caller caller, Output out) {
    this(args, caller, out, false, false);
  }

  public Call withArgs(List<String> rest) {
    return new Call(rest, caller, out, quiet, verbose);
  }

  /** The same run with the two flags set, where they were given. */
  public Call with(boolean nowQuiet, boolean nowVerbose) {
    return new Call(args, caller, out, quiet || nowQuiet, verbose || nowVerbose);
  }

  /** Tells what an option that was accepted does not do. */
  public void notices(Parsed parsed) {
    parsed.notices().forEach(n -> out.errLine("Warning: " + n));
  }

  /** The same; with {@code -j} standard output has nothing but JSON. */
  public Listener listener(Parsed parsed) {
    return parsed.has("-j") ? with(true, false).listener() : listener();
  }

  /** Passes an operation's lines to standard output, its warnings to standard error. */
  public Listener listener() {
    return new Listener() {
      @Override
      public void say(String line) {
        if (!quiet) {
          out.outLine(Printable.shorten(line, 4096));
        }
      }

      @Override
      public void warn(String line) {
        out.errLine("Warning: " + Printable.shorten(line, 4096));
      }

      @Override
      public void report(int percent, String message) {
        if (verbose) {
          out.errLine(percent < 0 ? message : percent + "% " + message);
        } else if (!quiet) {
          out.progress(percent, message);
        }
      }
    };
  }
}
