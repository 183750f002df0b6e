package org.lamina.console;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.lamina.console.shell.Programs;

/** Remembers what would have been run. */
final class FakePrograms implements Programs {
  final List<String> ran = new CopyOnWriteArrayList<>();
  Function<List<String>, Captured> answer = command -> new Captured(0, "");

  @Override
  public int foreground(List<String> command) {
    ran.add(String.join("|", command));
    return answer.apply(command).code();
  }

  @Override
  public Captured capture(List<String> command) {
    ran.add(String.join("|", command));
    return answer.apply(command);
  }
}
