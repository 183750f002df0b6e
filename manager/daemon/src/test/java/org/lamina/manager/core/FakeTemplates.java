package org.lamina.manager.core;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.TemplateStore;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.TemplateTree;

/** Templates that are built by saying so. */
final class FakeTemplates implements TemplateStore {
  final Map<String, Generation> built = new ConcurrentSkipListMap<>();

  FakeTemplates with(String name, int number) {
    Path directory = Path.of("/template", name, Integer.toString(number));
    built.put(
        name,
        new Generation(
            name,
            number,
            directory,
            List.of(directory.resolve("fs")),
            List.of("usr"),
            CgroupVersion.V2,
            Instant.EPOCH,
            1 << 20,
            155));
    return this;
  }

  @Override
  public List<TemplateDefinition> definitions() {
    return List.of();
  }

  @Override
  public TemplateDefinition definition(String name) {
    if (!name.startsWith("centos-")) {
      throw new LaminaException(ExitCode.TEMPLATE_NOT_FOUND, "no template " + name);
    }
    return new TemplateDefinition(
        name,
        "",
        "rpm",
        "7",
        List.of(),
        List.of(),
        List.of(),
        "systemd",
        List.of("usr"),
        "",
        List.of(),
        List.of(),
        null,
        name.equals("centos-7") ? TemplateDefinition.CGROUPS_V1 : TemplateDefinition.ANY_CGROUPS);
  }

  @Override
  public List<Generation> newest() {
    return List.copyOf(built.values());
  }

  @Override
  public Optional<Generation> newest(String template) {
    return Optional.ofNullable(built.get(template));
  }

  @Override
  public Optional<Generation> generation(String template, int number) {
    return newest(template).filter(g -> g.number() >= number);
  }

  @Override
  public Generation create(String template, BuildOptions options, Progress progress) {
    progress.report(50, "half");
    return with(template, 0).built.get(template);
  }

  @Override
  public List<Generation> generations(String template) {
    return newest(template).stream().toList();
  }

  @Override
  public Optional<GenerationDetails> details(String template, int number) {
    return Optional.empty();
  }

  @Override
  public UpdateResult update(String template, UpdateRequest request, Progress progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GenerationDiff diff(String template, int from, int to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PackageFamily family(
      Generation from, Generation to, GenerationDiff diff, TemplateTree base, TemplateTree next) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void removeGeneration(String template, int number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void fold(String template, int number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Integer> folding(String template) {
    return List.of();
  }

  @Override
  public List<Integer> reap(String template, Instant oldestUser) {
    return List.of();
  }

  @Override
  public void remove(String template) {
    built.remove(template);
  }

  @Override
  public void sweep() {}
}
