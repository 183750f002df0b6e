package org.lamina.manager.cli.vzpkg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.RolloutPlan;
import org.lamina.manager.core.patch.Run;
import org.lamina.manager.core.patch.TemplateStatus;
import org.lamina.schema.Ctid;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.UpdateResult;

/** The same for scripts: one object per container, package or generation. */
final class PatchJson {
  private PatchJson() {}

  static Map<String, @Nullable Object> pinned(Ctid ctid, boolean pinned) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("ctid", ctid.value());
    out.put("pinned", pinned);
    return out;
  }

  static List<Map<String, @Nullable Object>> plan(RolloutPlan plan) {
    return plan.containers().stream()
        .map(p -> {
          Map<String, @Nullable Object> out = new LinkedHashMap<>();
          out.put("ctid", p.ctid().value());
          out.put("from", p.from());
          out.put("to", plan.to());
          out.put("running", p.running());
          out.put("class", p.plan().planClass().name());
          out.put("blocked", p.blocked());
          out.put("remaining", p.plan().remaining());
          out.put("actions", p.plan().actions());
          out.put("notes", p.plan().notes());
          return out;
        })
        .toList();
  }

  static List<Map<String, @Nullable Object>> status(TemplateStatus status) {
    return status.containers().stream()
        .map(c -> {
          Map<String, @Nullable Object> out = new LinkedHashMap<>();
          out.put("ctid", c.ctid().value());
          out.put("generation", c.generation());
          out.put("newest", status.newest());
          out.put("behind", status.behind(c));
          out.put("running", c.running());
          out.put("pinned", c.pinned());
          out.put("next", c.next());
          out.put("remaining", c.remaining());
          out.put("stale", c.stale());
          return out;
        })
        .toList();
  }

  static List<Map<String, @Nullable Object>> history(List<PatchService.HistoryEntry> history) {
    return history.stream()
        .map(h -> {
          var g = h.details().generation();
          Map<String, @Nullable Object> out = new LinkedHashMap<>();
          out.put("generation", g.number());
          out.put("created", g.created().toString());
          out.put("bytes", g.bytes());
          out.put("packages", g.packages());
          out.put("reason", h.details().reason());
          out.put("changes", h.details().changes());
          out.put("held", h.details().held());
          out.put("containers", h.containers().stream().map(Ctid::value).toList());
          return out;
        })
        .toList();
  }

  static List<Map<String, @Nullable Object>> removed(List<GenerationDetails> generations) {
    return generations.stream()
        .map(d -> {
          Map<String, @Nullable Object> out = new LinkedHashMap<>();
          out.put("template", d.generation().template());
          out.put("generation", d.generation().number());
          out.put("bytes", d.generation().bytes());
          return out;
        })
        .toList();
  }

  static List<Map<String, @Nullable Object>> runs(List<Run> runs) {
    return runs.stream()
        .map(r -> {
          Map<String, @Nullable Object> out = new LinkedHashMap<>();
          out.put("run", r.id());
          out.put("action", r.action());
          out.put("template", r.request().template());
          out.put("to", r.request().to());
          out.put("state", r.state().name());
          out.put("started", r.started().toString());
          out.put("ended", r.ended() == null ? null : r.ended().toString());
          out.put("message", r.message());
          return out;
        })
        .toList();
  }

  static Map<String, @Nullable Object> update(UpdateResult result) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("outcome", result.outcome().name());
    out.put("base", result.base());
    out.put("generation", result.generation().map(g -> g.number()).orElse(null));
    out.put("changes", result.changes());
    out.put("held", result.held());
    out.put("downloadBytes", result.downloadBytes());
    out.put("layerBytes", result.layerBytes());
    return out;
  }
}
