package org.lamina.manager.core.patch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.lamina.agent.RunningContainer;
import org.lamina.templates.patch.GenerationDiff;

/** Makes what can safely do so run the new code, and touches nothing else. */
public final class ServiceRestart {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /** A manager executes itself anew after it was told to, at its own time. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /** Units asked about at once: what is heard of an answer is bounded. */
  private static final int ASKED = 20;

  /**
   * The signal that says the same as {@code systemctl --user daemon-reexec} (see systemd(1)),
   * without the user's bus. Older managers die of it, so only one that awaits it gets it: bit 58 of
   * the signals it has blocked to read them from a descriptor.
   */
  private static final String REEXECUTE_MANAGER =
      "p=$(systemctl show -p MainPID --value \"$1\")"
          + " && grep -Eq '^SigBlk:[[:space:]]*[0-9a-f][4-7c-f]' \"/proc/$p/status\""
          + " && systemctl kill --kill-who=main --signal=59 \"$1\"";

  private final Guests guests;

  ServiceRestart(Guests guests) {
    this.guests = guests;
  }

  /**
   * What was done.
   *
   * @param reexecuted units of managers that executed themselves anew and kept their state
   * @param restarted services
   * @param stale what still runs old code
   */
  record Renewed(List<String> reexecuted, List<String> restarted, List<StaleProcess> stale) {}

  /** A command for the operator that ends the use of old code. */
  public static String wayOut(Object ctid, StaleProcess process) {
    return Renewal.wayOut(ctid, process);
  }

  /**
   * @param diff what was exchanged
   * @param stale what runs old code of it
   * @param notes takes what did not go well
   */
  Renewed renew(
      RunningContainer running, GenerationDiff diff, List<StaleProcess> stale, List<String> notes) {
    Renewal renewal = Renewal.of(stale);
    if (renewal.isEmpty()) {
      return new Renewed(List.of(), List.of(), stale);
    }
    List<String> told = new ArrayList<>();
    if (renewal.init()) {
      // Reads its unit files too, which may have changed with the tree.
      reexecuteInit(running, stale, told, notes);
    } else if (!renewal.units().isEmpty()) {
      var _ = guests.run(running, List.of("systemctl", "daemon-reload"), PATIENCE);
    }
    for (String manager : new TreeSet<>(renewal.managers())) {
      var argv = List.of("/bin/sh", "-c", REEXECUTE_MANAGER, "sh", manager);
      if (guests.run(running, argv, PATIENCE).code() == 0) {
        told.add(manager);
      } else {
        notes.add("the manager of " + manager + " does not know how to execute itself anew");
      }
    }
    List<String> restarted = restart(running, renewal.units(), notes);
    List<StaleProcess> left = settled(running, diff, told);
    Set<String> old = managersAmong(left);
    told.removeIf(old::contains);
    return new Renewed(List.copyOf(told), restarted, left);
  }

  private void reexecuteInit(
      RunningContainer running, List<StaleProcess> stale, List<String> told, List<String> notes) {
    for (StaleProcess process : stale) {
      List<String> command =
          StaleProcess.INIT.equals(process.unit()) ? Renewal.initCommand(process) : null;
      if (command != null) {
        Guests.Answer answer = guests.run(running, command, PATIENCE);
        if (answer.code() == 0) {
          told.add(StaleProcess.INIT);
        } else {
          notes.add(String.join(" ", command) + " answered " + answer.code());
        }
      }
    }
  }

  private List<String> restart(RunningContainer running, Set<String> units, List<String> notes) {
    Set<String> wanted = new TreeSet<>(units);
    Set<String> jobs = jobs(running, wanted);
    wanted.removeAll(jobs);
    if (!jobs.isEmpty()) {
      notes.add("left to end by itself, as a restart would do its work again: " + words(jobs));
    }
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<String> argv = new ArrayList<>(List.of("systemctl", "try-restart", "--"));
    argv.addAll(wanted);
    Guests.Answer answer = guests.run(running, argv, PATIENCE);
    if (answer.code() != 0) {
      notes.add("restarting " + words(wanted) + " answered " + answer.code());
    }
    return List.copyOf(wanted);
  }

  /** Units that do one piece of work, were made for the moment, or may not be stopped by hand. */
  private Set<String> jobs(RunningContainer running, Set<String> units) {
    Set<String> out = new TreeSet<>();
    List<String> all = List.copyOf(units);
    for (int i = 0; i < all.size(); i += ASKED) {
      List<String> argv =
          new ArrayList<>(
              List.of(
                  "systemctl",
                  "show",
                  "-p",
                  "Id,Type,Transient,RefuseManualStart,RefuseManualStop",
                  "--"));
      argv.addAll(all.subList(i, Math.min(all.size(), i + ASKED)));
      out.addAll(jobs(guests.run(running, argv, PATIENCE).text()));
    }
    return out;
  }

  /** From what {@code systemctl show} says: a paragraph of KEY=VALUE for each unit. */
  static Set<String> jobs(String shown) {
    Set<String> out = new TreeSet<>();
    for (String paragraph : shown.split("\n\\s*\n")) {
      Map<String, String> keys =
          paragraph
              .lines()
              .filter(line -> line.contains("="))
              .collect(
                  Collectors.toMap(
                      line -> line.substring(0, line.indexOf('=')),
                      line -> line.substring(line.indexOf('=') + 1),
                      (first, second) -> first,
                      TreeMap::new));
      if ("oneshot".equals(keys.get("Type"))
          || "yes".equals(keys.get("Transient"))
          || "yes".equals(keys.get("RefuseManualStart"))
          || "yes".equals(keys.get("RefuseManualStop"))) {
        out.add(keys.getOrDefault("Id", ""));
      }
    }
    return out;
  }

  /** What is old once those that were told to execute themselves anew have done so. */
  private List<StaleProcess> settled(
      RunningContainer running, GenerationDiff diff, List<String> told) {
    long end = System.nanoTime() + SETTLING.toNanos();
    List<StaleProcess> left = guests.stale(running, diff);
    while (told.stream().anyMatch(managersAmong(left)::contains) && System.nanoTime() < end) {
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return left;
      }
      left = guests.stale(running, diff);
    }
    return left;
  }

  private static Set<String> managersAmong(List<StaleProcess> stale) {
    Renewal again = Renewal.of(stale);
    Set<String> out = new TreeSet<>(again.managers());
    if (again.init()) {
      out.add(StaleProcess.INIT);
    }
    return out;
  }

  private static String words(Set<String> units) {
    return String.join(" ", units);
  }
}
