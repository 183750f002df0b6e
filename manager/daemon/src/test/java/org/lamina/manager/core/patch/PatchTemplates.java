package org.lamina.manager.core.patch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

/** One template with two generations. */
final class PatchTemplates implements TemplateStore {
  @Override
  public List<TemplateDefinition> definitions() {
    return List.of();
  }

  @Override
  public TemplateDefinition definition(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Generation> newest() {
    return List.of(World.generation(1));
  }

  @Override
  public Optional<Generation> newest(String template) {
    return generation(template, 1);
  }

  @Override
  public Optional<Generation> generation(String template, int number) {
    return template.equals("debian-12") && number <= 1
        ? Optional.of(World.generation(number))
        : Optional.empty();
  }

  @Override
  public Generation create(String template, BuildOptions options, Progress progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Generation> generations(String template) {
    return List.of(World.generation(0), World.generation(1));
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
    return new GenerationDiff(template, from, to, List.of(), List.of());
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void sweep() {}
}
