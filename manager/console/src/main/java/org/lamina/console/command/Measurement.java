package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Scripted;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Everything {@code vzctl stat} says of some containers, which are measured at the same time. */
final class Measurement {
  static final OptionSpec UBC =
      OptionSpec.flag("--ubc", "as a table of resources like /proc/user_beancounters");
  static final OptionSpec INTERVAL =
      OptionSpec.value("--interval", "SECONDS", "to measure over, 1 by default").or("-i");
  private static final int AT_ONCE = 8;

  private record Said(int code, String out, String err) {}

  private final Scripted scripted;
  private final CommandCall call;

  Measurement(Scripted scripted, CommandCall call) {
    this.scripted = scripted;
    this.call = call;
  }

  /**
   * @return the code of the first that failed, or 0
   */
  int print(List<ContainerInfo> chosen) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    int first = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Said>> measured =
          chosen.stream().map(c -> pool.submit(() -> measure(c))).toList();
      for (int i = 0; i < chosen.size(); i++) {
        Said said = measured.get(i).get();
        first = first == 0 ? said.code() : first;
        if (!call.json()) {
          show(chosen.get(i), said, chosen.size() > 1);
        } else if (said.code() == 0) {
          JsonMapper.shared().readTree(said.out()).forEach(all::add);
        }
        call.screen().err().print(said.err());
        call.screen().err().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Follower.INTERRUPTED;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LaminaException known
          ? known
          : new LaminaException(ExitCode.SYSTEM, "stat failed: " + e.getCause(), null, e);
    }
    if (call.json()) {
      call.print(all);
    }
    return first;
  }

  private void show(ContainerInfo c, Said said, boolean several) {
    if (several) {
      call.line(call.screen().paint(Tint.STRONG, c.title()));
    }
    call.out().print(several && !said.out().isEmpty() ? said.out().indent(2) : said.out());
    call.out().flush();
  }

  private Said measure(ContainerInfo c) {
    List<String> words = new ArrayList<>(List.of("stat", Integer.toString(c.ctid())));
    String interval = call.in().get(INTERVAL.name());
    if (interval != null) {
      words.addAll(List.of(INTERVAL.name(), interval));
    }
    if (call.json()) {
      words.add("-j");
    } else if (call.in().has(UBC)) {
      words.add(UBC.name());
    }
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    int code =
        scripted.run(
            "vzctl",
            words,
            new Scripted.Listener() {
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
                // measuring has none
              }
            });
    return new Said(code, out.toString(), err.toString());
  }
}
