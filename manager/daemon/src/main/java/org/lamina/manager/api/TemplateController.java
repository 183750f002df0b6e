package org.lamina.manager.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;
import org.lamina.schema.Ctid;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Templates; building and removing one are operations. */
@RestController
@RequestMapping("/v1/templates")
final class TemplateController {
  private final TemplateService templates;
  private final Operations operations;

  TemplateController(TemplateService templates, Operations operations) {
    this.templates = templates;
    this.operations = operations;
  }

  /** A template; without generation it is defined and not built. */
  record TemplateJson(
      String name,
      @Nullable String summary,
      @Nullable String release,
      @Nullable String init,
      @Nullable GenerationJson newest,
      List<Integer> usedBy) {
    static TemplateJson of(TemplateView view) {
      return new TemplateJson(
          view.name(),
          view.definition().map(TemplateDefinition::summary).orElse(null),
          view.definition().map(TemplateDefinition::release).orElse(null),
          view.definition().map(TemplateDefinition::init).orElse(null),
          view.newest().map(GenerationJson::of).orElse(null),
          view.usedBy().stream().map(Ctid::value).toList());
    }
  }

  /** One state of a template. */
  record GenerationJson(
      int number,
      Instant created,
      long bytes,
      int packages,
      List<String> swappableTrees,
      String directory) {
    static GenerationJson of(Generation g) {
      return new GenerationJson(
          g.number(),
          g.created(),
          g.bytes(),
          g.packages(),
          g.swappableTrees(),
          g.directory().toString());
    }
  }

  /** What a build takes in place of the definition's own; null for nothing. */
  record BuildJson(@Nullable String mirror, @Nullable List<String> keys) {}

  @GetMapping
  List<TemplateJson> list() {
    return templates.list().stream().map(TemplateJson::of).toList();
  }

  @GetMapping("/{name}")
  TemplateJson get(@PathVariable String name) {
    return TemplateJson.of(templates.info(name));
  }

  @PostMapping("/{name}")
  ResponseEntity<OperationJson> create(
      @PathVariable String name, @RequestBody(required = false) @Nullable BuildJson body) {
    var _ = templates.info(name);
    BuildOptions options =
        body == null
            ? BuildOptions.NONE
            : BuildOptions.of(body.mirror(), body.keys() == null ? List.of() : body.keys());
    Operation operation =
        operations.submit("create-template", name, task -> templates.create(name, options, task));
    return OperationJson.accepted(operation);
  }

  @DeleteMapping("/{name}")
  ResponseEntity<OperationJson> remove(@PathVariable String name) {
    var _ = templates.info(name);
    Operation operation =
        operations.submit(
            "remove-template",
            name,
            task -> {
              templates.remove(name, task);
              return name;
            });
    return OperationJson.accepted(operation);
  }
}
