package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;

/** Templates, their generations and the containers that depend on them, as they are asked for. */
final class Dependents {
  private final Ground ground;
  private final TemplateStore templates;
  private final Mover mover;

  Dependents(Ground ground, TemplateStore templates, Mover mover) {
    this.ground = ground;
    this.templates = templates;
    this.mover = mover;
  }

  Container require(Ctid ctid) {
    return ground
        .store()
        .find(ctid)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NO_CONTAINER_CONFIG, "Container " + ctid + " does not exist"));
  }

  List<Container> chosen(String template, List<Ctid> only) {
    if (only.isEmpty()) {
      return ground.store().dependents(template);
    }
    List<Container> out = new ArrayList<>();
    for (Ctid ctid : new TreeSet<>(only)) {
      Container c = require(ctid);
      if (!c.template().equals(template)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "container " + ctid + " depends on template " + c.template() + ", not on " + template);
      }
      out.add(c);
    }
    return out;
  }

  static List<Ctid> ids(List<Container> containers) {
    return containers.stream().map(Container::ctid).toList();
  }

  Routes routes(String template, Generation to) {
    return new Routes(mover, to, n -> templates.generation(template, n));
  }

  Generation target(String template, @Nullable Integer to) {
    Generation newest = newest(template);
    return to == null
        ? newest
        : templates
            .generation(template, to)
            .orElseThrow(() ->
                new LaminaException(
                    ExitCode.TEMPLATE_NOT_FOUND,
                    "template " + template + " has no generation " + to,
                    "See: vzpkg history " + template));
  }

  Generation newest(String template) {
    return templates
        .newest(template)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "OS template " + template + " is not built",
                "Build it with: vzpkg create cache " + template));
  }
}
