package org.lamina.manager.core.patch;

import org.lamina.manager.core.BuildThread;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostEvent;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Operations;
import org.lamina.templates.TemplateStore;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;

/** Builds next generations. */
final class TemplateUpdates {
  private final TemplateStore templates;
  private final Operations operations;
  private final Events events;
  private final Turns turns;

  TemplateUpdates(TemplateStore templates, Operations operations, Events events, Turns turns) {
    this.templates = templates;
    this.operations = operations;
    this.events = events;
    this.turns = turns;
  }

  UpdateResult update(String template, UpdateRequest request, Listener listener) {
    return operations.run(
        "update-template",
        template,
        listener,
        task -> {
          try (Turns.Turn turn = turns.take(template, "update", task.id())) {
            UpdateResult result =
                BuildThread.run(
                    "update-" + template, task, () -> templates.update(template, request, task));
            result
                .generation()
                .ifPresent(g ->
                    events.publish(
                        HostEvent.Type.TEMPLATE_PUBLISHED, template, "generation " + g.number()));
            return result;
          }
        });
  }
}
