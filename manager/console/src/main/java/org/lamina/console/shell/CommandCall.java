package org.lamina.console.shell;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Parsed;
import org.lamina.console.view.Screen;
import org.lamina.console.view.Table;
import org.lamina.console.view.Tint;
import tools.jackson.databind.JsonNode;

/** One run of a command: what was asked, and where the answer goes. */
public record CommandCall(Parsed in, PrintWriter out, Dialog dialog, Screen screen) {
  public boolean json() {
    return in.has(CommandSpec.JSON);
  }

  /** The same call with its answer going elsewhere. */
  public CommandCall answeringOn(PrintWriter other) {
    return new CommandCall(in, other, dialog, screen);
  }

  /** What is said while JSON is made is not the answer, and goes beside it. */
  public CommandCall besideJson() {
    return json() ? answeringOn(screen.err()) : this;
  }

  public void print(Table table) {
    out.print(table.render(screen.width(), screen.colour()));
    out.flush();
  }

  public void print(JsonNode node) {
    out.println(Daemon.print(node));
    out.flush();
  }

  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** A line that is not the answer itself. */
  public void note(Tint tint, String text) {
    out.flush();
    screen.err().println(screen.paint(tint, text));
    screen.err().flush();
  }

  /** What a person has to agree to; --yes agrees. */
  public boolean agreed(Supplier<String> question) {
    return in.has(CommandSpec.YES) || dialog.confirm(question.get());
  }
}
