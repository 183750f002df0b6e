package org.lamina.console.command;

import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.select.Selector;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which containers a word means now. */
final class Chosen {
  private Chosen() {}

  /**
   * @throws LaminaException as {@link Selector#of}
   */
  static List<ContainerInfo> of(String selector, Daemon daemon) {
    Selector parsed = Selector.parse(selector);
    return parsed.of(daemon.containers());
  }

  /** One container; a selector that means more is refused. */
  static ContainerInfo one(String selector, Daemon daemon) {
    List<ContainerInfo> all = of(selector, daemon);
    if (all.size() > 1) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          selector + " means " + all.size() + " containers, and one is wanted",
          "Write the id or the name of one.");
    }
    return all.getFirst();
  }

  /** Containers as they are now, in the API's own words: one as an object, several as an array. */
  static JsonNode now(List<ContainerInfo> chosen, Daemon daemon) {
    if (chosen.size() == 1) {
      return daemon.get(path(chosen.getFirst()));
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    chosen.forEach(c -> all.add(daemon.get(path(c))));
    return all;
  }

  static String path(ContainerInfo container) {
    return "/v1/containers/" + container.ctid();
  }
}
