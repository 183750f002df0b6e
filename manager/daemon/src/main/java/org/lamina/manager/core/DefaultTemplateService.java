package org.lamina.manager.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lamina.agent.ContainerRuntime;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.LaminaException;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.TemplateStore;

/** Templates with the rule that one in use stays. */
final class DefaultTemplateService implements TemplateService {
  private final TemplateStore templates;
  private final ContainerStore containers;
  private final ContainerRuntime runtime;
  private final TemplateGates gates;
  private final Operations operations;
  private final Events events;

  DefaultTemplateService(
      TemplateStore templates,
      ContainerStore containers,
      ContainerRuntime runtime,
      TemplateGates gates,
      Operations operations,
      Events events) {
    this.templates = templates;
    this.containers = containers;
    this.runtime = runtime;
    this.gates = gates;
    this.operations = operations;
    this.events = events;
  }

  @Override
  public List<TemplateView> list() {
    Map<String, TemplateDefinition> definitions = new TreeMap<>();
    templates.definitions().forEach(d -> definitions.put(d.name(), d));
    Map<String, Generation> built = new TreeMap<>();
    templates.newest().forEach(g -> built.put(g.template(), g));
    Map<String, List<Ctid>> users =
        containers.all().stream()
            .collect(
                Collectors.groupingBy(
                    Container::template, Collectors.mapping(Container::ctid, Collectors.toList())));
    TreeMap<String, TemplateView> views = new TreeMap<>();
    for (String name :
        Stream.concat(definitions.keySet().stream(), built.keySet().stream()).toList()) {
      views.put(
          name,
          new TemplateView(
              name,
              Optional.ofNullable(definitions.get(name)),
              Optional.ofNullable(built.get(name)),
              users.getOrDefault(name, List.of())));
    }
    return List.copyOf(views.values());
  }

  @Override
  public TemplateView info(String name) {
    FileWord.check(name, "template", ExitCode.TEMPLATE_NOT_FOUND);
    Optional<Generation> newest = templates.newest(name);
    Optional<TemplateDefinition> definition =
        templates.definitions().stream().filter(d -> d.name().equals(name)).findFirst();
    if (newest.isEmpty() && definition.isEmpty()) {
      definition = Optional.of(templates.definition(name));
    }
    return new TemplateView(name, definition, newest, users(name));
  }

  @Override
  public Generation create(String name, BuildOptions options, Listener listener) {
    FileWord.check(name, "template", ExitCode.TEMPLATE_NOT_FOUND);
    return operations.run(
        "create-template",
        name,
        listener,
        task -> {
          // Nobody wants to learn that at the first start.
          runtime.requireCgroups("template " + name, templates.definition(name).guestCgroups());
          Generation built =
              BuildThread.run("build-" + name, task, () -> templates.create(name, options, task));
          events.publish(HostEvent.Type.TEMPLATE_PUBLISHED, name, "generation " + built.number());
          return built;
        });
  }

  @Override
  public void remove(String name, Listener listener) {
    FileWord.check(name, "template", ExitCode.TEMPLATE_NOT_FOUND);
    var _ =
        operations.run(
            "remove-template",
            name,
            listener,
            task -> {
              Lock removing = gates.removing(name);
              removing.lock();
              try {
                removeUnused(name);
              } finally {
                removing.unlock();
              }
              task.say("OS template " + name + " was removed");
              return true;
            });
  }

  private void removeUnused(String name) {
    List<Ctid> users = users(name);
    if (!users.isEmpty()) {
      throw new LaminaException(
          ExitCode.TEMPLATE_IN_USE,
          "OS template "
              + name
              + " is in use by container"
              + (users.size() == 1 ? " " : "s ")
              + users.stream().map(Ctid::toString).collect(Collectors.joining(", ")),
          "Destroy the containers that depend on it first.");
    }
    if (templates.newest(name).isEmpty()) {
      throw new LaminaException(
          ExitCode.TEMPLATE_NOT_FOUND, "OS template " + name + " is not built");
    }
    templates.remove(name);
    events.publish(HostEvent.Type.TEMPLATE_REMOVED, name, "");
  }

  private List<Ctid> users(String name) {
    return containers.dependents(name).stream().map(Container::ctid).toList();
  }
}
