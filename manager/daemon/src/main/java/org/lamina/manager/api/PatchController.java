package org.lamina.manager.api;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.RolloutRequest;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Patching. What changes anything answers 202 with an operation at once; a run that an operation
 * made is the newest one of the template.
 */
@RestController
@RequestMapping("/v1")
final class PatchController {
  private static final int MOST = 200;

  private final TemplateService templates;
  private final PatchService patches;
  private final Operations operations;

  PatchController(TemplateService templates, PatchService patches, Operations operations) {
    this.templates = templates;
    this.patches = patches;
    this.operations = operations;
  }

  @GetMapping("/templates/{name}/generations")
  List<PatchJson.Generation> history(@PathVariable String name) {
    return patches.history(name).stream().map(PatchJson.Generation::of).toList();
  }

  @PostMapping("/templates/{name}/generations")
  ResponseEntity<OperationJson> update(
      @PathVariable String name, @RequestBody PatchJson.Update body) {
    UpdateRequest request = body.request();
    return accepted("update-template", name, task -> patches.update(name, request, task));
  }

  @GetMapping("/templates/{name}/plan")
  PatchJson.Plan plan(
      @PathVariable String name,
      @RequestParam @Nullable Integer to,
      @RequestParam(defaultValue = "") List<Integer> ctid) {
    return PatchJson.Plan.of(patches.plan(name, to, ctid.stream().map(Ctid::new).toList()));
  }

  @GetMapping("/templates/{name}/status")
  PatchJson.Status status(@PathVariable String name) {
    return PatchJson.Status.of(patches.status(name));
  }

  @PostMapping("/templates/{name}/rollout")
  ResponseEntity<OperationJson> rollout(
      @PathVariable String name, @RequestBody PatchJson.Rollout body) {
    RolloutRequest request = body.request(name);
    return accepted("rollout", name, task -> patches.rollout(request, task));
  }

  @PostMapping("/templates/{name}/rollback")
  ResponseEntity<OperationJson> rollback(
      @PathVariable String name, @RequestBody PatchJson.Rollout body) {
    RolloutRequest request = body.request(name);
    return accepted("rollback", name, task -> patches.rollback(request, task));
  }

  @PostMapping("/templates/{name}/gc")
  ResponseEntity<OperationJson> gc(@PathVariable String name) {
    return accepted("gc", name, task -> patches.gc(name, task));
  }

  private ResponseEntity<OperationJson> accepted(
      String kind, String template, Function<Task, ?> work) {
    var _ = templates.info(template);
    return OperationJson.accepted(operations.submit(kind, template, work));
  }

  @PutMapping("/containers/{ctid}/pin")
  ResponseEntity<OperationJson> pin(@PathVariable int ctid) {
    return pinned(new Ctid(ctid), true);
  }

  @DeleteMapping("/containers/{ctid}/pin")
  ResponseEntity<OperationJson> unpin(@PathVariable int ctid) {
    return pinned(new Ctid(ctid), false);
  }

  private ResponseEntity<OperationJson> pinned(Ctid ctid, boolean pinned) {
    return OperationJson.accepted(
        operations.submit(
            pinned ? "pin" : "unpin",
            ctid.toString(),
            task -> {
              patches.pin(ctid, pinned, task);
              return ctid;
            }));
  }

  /** The newest first. */
  @GetMapping("/runs")
  List<PatchJson.RunOf> runs(@RequestParam(defaultValue = "50") int limit) {
    return patches.runs(Math.clamp(limit, 1, MOST)).stream().map(PatchJson.RunOf::of).toList();
  }

  @GetMapping("/runs/{id}")
  PatchJson.Report run(@PathVariable long id) {
    return patches
        .report(id)
        .map(PatchJson.Report::of)
        .orElseThrow(() -> new LaminaException(ExitCode.BAD_PARAMETER, "there is no run " + id));
  }
}
