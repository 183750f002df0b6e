package org.lamina.manager.core.patch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lamina.agent.RunningContainer;

/** Restarts the services inside that still run old code, and nothing else. */
public final class ServiceRestart {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.@\\\\-]{1,250}\\.service");

  /** Restarting these breaks what runs; only a restart of the container renews them. */
  private static final Pattern LEFT_ALONE =
      Pattern.compile(
          "(dbus|dbus-broker|systemd-logind|user@.*|user-runtime-dir@.*|console-getty"
              + "|container-getty@.*|getty@.*|serial-getty@.*|init)\\.(service|scope)");

  private final Guests guests;

  ServiceRestart(Guests guests) {
    this.guests = guests;
  }

  /** Units that may be restarted. */
  static Set<String> units(List<StaleProcess> stale) {
    Set<String> out = new TreeSet<>();
    for (StaleProcess process : stale) {
      String unit = process.unit();
      if (unit != null && isRestartable(unit)) {
        out.add(unit);
      }
    }
    return out;
  }

  private static boolean isRestartable(String unit) {
    return UNIT.matcher(unit).matches() && !LEFT_ALONE.matcher(unit).matches();
  }

  /** A command for the operator that ends the use of old code. */
  public static String wayOut(Object ctid, StaleProcess process) {
    String unit = process.unit();
    return unit != null && isRestartable(unit)
        ? "vzctl exec " + ctid + " systemctl restart " + unit
        : "vzctl restart " + ctid;
  }

  /**
   * @param notes takes what did not go well
   * @return what was restarted
   */
  List<String> restart(RunningContainer running, Set<String> units, List<String> notes) {
    if (units.isEmpty()) {
      return List.of();
    }
    List<String> argv = new ArrayList<>(List.of("systemctl", "try-restart", "--"));
    argv.addAll(units);
    // Unit files may have changed with the tree; systemd must read them before it starts anything.
    var _ = guests.run(running, List.of("systemctl", "daemon-reload"), PATIENCE);
    Guests.Answer answer = guests.run(running, argv, PATIENCE);
    if (answer.code() != 0) {
      notes.add("restarting " + String.join(" ", units) + " answered " + answer.code());
    }
    return List.copyOf(units);
  }
}
