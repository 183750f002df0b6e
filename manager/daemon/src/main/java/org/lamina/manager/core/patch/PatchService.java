package org.lamina.manager.core.patch;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;

/** Patching templates and what depends on them. Thread safe. */
public interface PatchService {
  /**
   * Makes the next generation; changes no container.
   *
   * @throws org.lamina.schema.LaminaException as {@link Generations#update}
   */
  UpdateResult update(String template, UpdateRequest request, Listener listener);

  /** Generations, the oldest first, with the containers on each. */
  List<HistoryEntry> history(String template);

  /**
   * What a roll-out would do; changes nothing.
   *
   * @param to generation, null for the newest
   * @param only containers to look at, empty for every dependent one
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND, BAD_PARAMETER for a container of
   *     another template
   */
  RolloutPlan plan(String template, @Nullable Integer to, List<Ctid> only);

  /**
   * Moves containers as an operation and keeps a report.
   *
   * @throws org.lamina.schema.LaminaException LOCKED while another one moves containers of the
   *     template, TEMPLATE_NOT_FOUND, BAD_PARAMETER
   */
  RunReport rollout(RolloutRequest request, Listener listener);

  /**
   * The same towards an older generation; {@code to} of the request null means the one before the
   * newest that any of the containers has.
   */
  RunReport rollback(RolloutRequest request, Listener listener);

  TemplateStatus status(String template);

  /** Excludes a container from roll-outs, or takes it in again. */
  void pin(Ctid ctid, boolean pinned, Listener listener);

  /**
   * Removes generations that nobody needs: never the newest, the one before it, one that a
   * container is on or may still have mounted, or one whose files a kept one builds on.
   *
   * @param template null for all
   */
  List<GenerationDetails> gc(@Nullable String template, Listener listener);

  /** Runs, the newest first. */
  List<Run> runs(int limit);

  /** One run, or the latest for null. */
  Optional<RunReport> report(@Nullable Long run);

  /**
   * @param containers those on this generation, by CTID
   */
  record HistoryEntry(GenerationDetails details, List<Ctid> containers) {
    public HistoryEntry {
      containers = List.copyOf(containers);
    }
  }
}
