package org.lamina.console.command;

import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.select.Selector;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

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

  static String path(ContainerInfo container) {
    return "/v1/containers/" + container.ctid();
  }
}
