package org.lamina.manager.cli;

import java.util.ArrayList;
import java.util.List;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;

/** Answers from a list. */
public final class FakeTemplates implements TemplateService {
  public final List<TemplateView> views = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();

  @Override
  public List<TemplateView> list() {
    return List.copyOf(views);
  }

  @Override
  public TemplateView info(String name) {
    return views.stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new LaminaException(ExitCode.TEMPLATE_NOT_FOUND, "no template " + name));
  }

  @Override
  public Generation create(String name, BuildOptions options, Listener listener) {
    calls.add("create " + name);
    options.mirror().ifPresent(mirror -> calls.add("mirror " + mirror));
    options.keys().forEach(key -> calls.add("key " + key));
    if (info(name).newest().isPresent()) {
      throw new LaminaException(ExitCode.TEMPLATE_EXISTS, name + " exists already");
    }
    listener.report(40, "installing");
    return Samples.generation(name);
  }

  @Override
  public void remove(String name, Listener listener) {
    calls.add("remove " + name);
    if (!info(name).usedBy().isEmpty()) {
      throw new LaminaException(ExitCode.TEMPLATE_IN_USE, name + " is in use");
    }
  }
}
