package org.lamina.console.command;

import org.lamina.console.client.Scripted;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.view.ProgressLine;

/** Shows what a scripted command prints, indented where it is one of several. */
final class ScriptedOutput implements Scripted.Listener {
  private final CommandCall call;
  private final boolean indented;
  private final ProgressLine progress;

  ScriptedOutput(CommandCall call, boolean indented) {
    this.call = call;
    this.indented = indented;
    this.progress = new ProgressLine(call.screen());
  }

  @Override
  public void out(String text) {
    progress.erase();
    call.out().print(shown(text));
    call.out().flush();
  }

  @Override
  public void err(String text) {
    progress.erase();
    call.out().flush();
    call.screen().err().print(shown(text));
    call.screen().err().flush();
  }

  @Override
  public void progress(int percent, String message) {
    progress.draw(percent, message);
  }

  /** Takes the progress line away. */
  void erase() {
    progress.erase();
  }

  private String shown(String text) {
    return indented ? text.indent(2) : text;
  }
}
