package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.Remaining;

/**
 * What a roll-out did to one container.
 *
 * @param from generation it had before
 * @param to generation it was to get
 * @param way {@code live}, {@code restart}, {@code stopped} or {@code -}
 * @param millis how long it took
 * @param readOnlyMicros how long swappable trees could not be written to
 * @param reexecuted units of managers that executed themselves anew, such as {@code init.scope}
 * @param restarted units restarted inside
 * @param stale processes that still run old code
 * @param remaining what is still old, why, and what can be done
 * @param notes what else an operator should know
 * @param error why it failed or waits, or null
 */
public record ContainerReport(
    int ctid,
    Outcome outcome,
    int from,
    int to,
    String way,
    long millis,
    long readOnlyMicros,
    List<String> reexecuted,
    List<String> restarted,
    List<StaleProcess> stale,
    List<Remaining> remaining,
    List<String> notes,
    @Nullable String error) {
  public ContainerReport {
    // Reports that earlier releases have written lack it.
    reexecuted = reexecuted == null ? List.of() : List.copyOf(reexecuted);
    restarted = List.copyOf(restarted);
    stale = List.copyOf(stale);
    remaining = List.copyOf(remaining);
    notes = List.copyOf(notes);
  }

  ContainerReport with(List<Remaining> old) {
    return with(outcome, old, error);
  }

  ContainerReport with(Outcome other, @Nullable String why) {
    return with(other, remaining, why);
  }

  private ContainerReport with(Outcome other, List<Remaining> old, @Nullable String why) {
    return new ContainerReport(
        ctid,
        other,
        from,
        to,
        way,
        millis,
        readOnlyMicros,
        reexecuted,
        restarted,
        stale,
        old,
        notes,
        why);
  }
}
