package org.lamina.manager.cli.wire;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Nearest;
import org.lamina.manager.cli.Program;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one program for one request and turns whatever happens into text and an exit code. */
public record CliRun(Map<String, Program> programs, CallerPort callers, Sessions sessions) {
  private static final Logger LOG = LoggerFactory.getLogger(CliRun.class);
  private static final int LONGEST_MESSAGE = 2000;

  /** Never throws for what a command does; the last frame is the exit code. */
  public void run(
      String name,
      byte[] body,
      Function<String, @Nullable String> header,
      int uid,
      FrameWriter frames) {
    try {
      Program program = programs.get(name);
      if (program == null) {
        throw new LaminaException(
            ExitCode.USAGE,
            "no such program: " + Printable.shorten(name, 40),
            Nearest.hint(name, programs.keySet()));
      }
      if (body.length > ArgumentBody.LONGEST) {
        throw new LaminaException(
            ExitCode.USAGE, "the arguments are longer than " + ArgumentBody.LONGEST + " bytes");
      }
      List<String> args = ArgumentBody.read(body);
      try (ConnectedCaller caller =
          new ConnectedCaller(CallerClaim.read(header), uid, callers, sessions, frames)) {
        frames.exit(program.run(new Call(args, caller, frames)));
      }
    } catch (LaminaException e) {
      say(e, frames);
      frames.exit(e.exitCode().code());
    } catch (RuntimeException e) {
      LOG.error("{}: internal error", name, e);
      frames.err(name + ": internal error: " + Printable.shorten(e.toString(), 200) + "\n");
      frames.err("The daemon's log has the details: journalctl -u laminad\n");
      frames.exit(ExitCode.SYSTEM.code());
    }
  }

  private static void say(LaminaException e, FrameWriter frames) {
    frames.err(Printable.shorten(e.text(), LONGEST_MESSAGE) + "\n");
    e.hint().ifPresent(h -> frames.err(Printable.shorten(h, LONGEST_MESSAGE) + "\n"));
  }
}
