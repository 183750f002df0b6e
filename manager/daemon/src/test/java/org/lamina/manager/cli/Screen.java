package org.lamina.manager.cli;

import java.util.List;
import org.lamina.schema.LaminaException;

/** What a caller would have seen. */
public final class Screen implements Output {
  public final StringBuilder out = new StringBuilder();
  public final StringBuilder err = new StringBuilder();
  public final StringBuilder progress = new StringBuilder();
  public final FakeCaller caller = new FakeCaller();

  @Override
  public void out(String text) {
    out.append(text);
  }

  @Override
  public void err(String text) {
    err.append(text);
  }

  @Override
  public void progress(int percent, String message) {
    progress.append(percent).append(' ').append(message).append('\n');
  }

  /** Runs the program as the door would, and gives the exit code. */
  public int run(Program program, String... args) {
    try {
      return program.run(new Call(List.of(args), caller, this));
    } catch (LaminaException e) {
      err.append(e.text()).append('\n');
      e.hint().ifPresent(h -> err.append(h).append('\n'));
      return e.exitCode().code();
    }
  }
}
