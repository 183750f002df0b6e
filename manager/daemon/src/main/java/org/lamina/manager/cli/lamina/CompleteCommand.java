package org.lamina.manager.cli.lamina;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.Program;
import org.lamina.manager.cli.vzlist.Vzlist;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;

/**
 * {@code lamina complete PROGRAM WORD...}: what a shell may offer for the last word, one per line;
 * {@code FILE} in first place asks the shell for file names. Not meant for people.
 */
final class CompleteCommand {
  private static final String FILES = "\u0001files";
  private final ContainerService containers;
  private final TemplateService templates;
  private final Supplier<List<Program>> programs;

  CompleteCommand(
      ContainerService containers, TemplateService templates, Supplier<List<Program>> programs) {
    this.containers = containers;
    this.templates = templates;
    this.programs = programs;
  }

  int run(Call call) {
    if (call.args().isEmpty()) {
      return 0;
    }
    List<String> words = new ArrayList<>(call.args().subList(1, call.args().size()));
    String last = words.isEmpty() ? "" : words.removeLast();
    for (String candidate : candidates(call.args().getFirst(), words, last)) {
      if (candidate.equals(FILES) || candidate.startsWith(last)) {
        call.out().outLine(candidate.equals(FILES) ? "FILE" : candidate);
      }
    }
    return 0;
  }

  private List<String> candidates(String name, List<String> before, String last) {
    Program program =
        programs.get().stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
    if (program == null) {
      return List.of();
    }
    List<String> words = new ArrayList<>(before);
    while (!words.isEmpty() && words.getFirst().startsWith("--") && program.commands().size() > 1) {
      words.removeFirst();
    }
    CommandSpec command = find(program, words);
    if (command == null) {
      return commandWords(program, words);
    }
    Option pending = words.isEmpty() ? null : command.options().option(words.getLast());
    if (pending != null && pending.value() != null) {
      return values(pending.completion(), program);
    }
    if (last.startsWith("-")) {
      return command.options().options().stream().flatMap(o -> o.names().stream()).toList();
    }
    return values(command.operand(), program);
  }

  /** The command the words begin with; they are shortened by it. */
  private static @Nullable CommandSpec find(Program program, List<String> words) {
    for (CommandSpec spec : program.commands()) {
      if (spec.name().equals(program.name())) {
        return spec;
      }
      for (String name : spec.names()) {
        List<String> parts = List.of(name.split(" "));
        if (words.size() >= parts.size() && words.subList(0, parts.size()).equals(parts)) {
          words.subList(0, parts.size()).clear();
          return spec;
        }
      }
    }
    return null;
  }

  private static List<String> commandWords(Program program, List<String> typed) {
    List<String> out = new ArrayList<>();
    for (CommandSpec spec : program.commands()) {
      List<String> parts = List.of(spec.name().split(" "));
      if (parts.size() > typed.size() && parts.subList(0, typed.size()).equals(typed)) {
        out.add(parts.get(typed.size()));
      }
    }
    if (typed.isEmpty()) {
      out.add("help");
    }
    return out.stream().distinct().toList();
  }

  private List<String> values(Completion kind, Program program) {
    return switch (kind) {
      case CONTAINER -> containerWords();
      case TEMPLATE ->
          templates.list().stream()
              .filter(t -> t.newest().isPresent())
              .map(TemplateView::name)
              .toList();
      case DEFINITION -> templates.list().stream().map(TemplateView::name).toList();
      case YES_NO -> List.of("yes", "no");
      case FIELD -> program instanceof Vzlist list ? list.fieldNames() : List.of();
      case FILE -> List.of(FILES);
      case SAMPLE, NOTHING -> List.of();
    };
  }

  private List<String> containerWords() {
    List<String> out = new ArrayList<>();
    containers
        .list()
        .forEach(v -> {
          out.add(v.container().ctid().toString());
          String name = v.container().name();
          if (name != null) {
            out.add(name);
          }
        });
    return out;
  }
}
