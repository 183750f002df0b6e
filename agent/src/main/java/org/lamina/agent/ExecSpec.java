package org.lamina.agent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Fd;

/**
 * One command to run inside a container as its root.
 *
 * @param argv program and arguments; the program is searched in the given PATH inside
 * @param env the whole environment
 * @param stdio descriptors that become 0, 1 and 2, no terminals; null asks for a new terminal of
 *     the container's own, whose master is {@link ExecHandle#terminal()}
 * @param size rows and columns of that terminal
 */
public record ExecSpec(
    List<String> argv, Map<String, String> env, @Nullable Stdio stdio, TerminalSize size) {
  /** Three descriptors; the receiver of an {@link ExecSpec} duplicates and never closes them. */
  public record Stdio(Fd in, Fd out, Fd err) {}

  /** Rows and columns, 1..65535. */
  public record TerminalSize(int rows, int columns) {
    public static final TerminalSize DEFAULT = new TerminalSize(24, 80);
  }
}
