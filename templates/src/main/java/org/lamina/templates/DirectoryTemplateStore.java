package org.lamina.templates;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.schema.Progress;
import org.lamina.templates.build.TemplateBuilder;
import org.lamina.templates.build.TemplateUpdater;
import org.lamina.templates.debian.DebianBuilder;
import org.lamina.templates.debian.DebianUpdater;
import org.lamina.templates.definition.DefinitionCatalog;
import org.lamina.templates.definition.NearNames;
import org.lamina.templates.patch.Between;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.TemplateTree;
import org.lamina.templates.patch.debian.DebianKnowledge;
import org.lamina.templates.rpm.RpmBuilder;
import org.lamina.templates.rpm.RpmKnowledge;
import org.lamina.templates.rpm.RpmUpdater;
import org.lamina.templates.store.GenerationFolder;
import org.lamina.templates.store.GenerationWriter;
import org.lamina.templates.store.Publications;
import org.lamina.templates.store.StoreLayout;
import org.lamina.templates.store.StoreWriter;

/**
 * Templates as directories. Definitions are read anew at each call, so a file dropped into the
 * operator's directory counts at once.
 */
public final class DirectoryTemplateStore implements TemplateStore {
  private static final Map<String, Between.Knowledge> KNOWLEDGE =
      Stream.of(new DebianKnowledge(), new RpmKnowledge())
          .collect(Collectors.toUnmodifiableMap(Between.Knowledge::family, Function.identity()));

  private final StoreConfig config;
  private final StoreLayout layout;
  private final Map<String, TemplateBuilder> builders;
  private final Map<String, TemplateUpdater> updaters;
  private final Publications published;
  private final GenerationWriter generations;
  private final GenerationFolder folder;
  private final StoreWriter writer;

  /** With the builders that Lamina ships. */
  public DirectoryTemplateStore(StoreConfig config) {
    this(
        config,
        List.of(new DebianBuilder(), new RpmBuilder()),
        List.of(new DebianUpdater(), new RpmUpdater()));
  }

  /** With builders and updaters of the caller's choice, one per family. */
  public DirectoryTemplateStore(
      StoreConfig config, List<TemplateBuilder> builders, List<TemplateUpdater> updaters) {
    this.config = config;
    this.builders =
        builders.stream()
            .collect(Collectors.toUnmodifiableMap(TemplateBuilder::family, Function.identity()));
    this.updaters =
        updaters.stream()
            .collect(Collectors.toUnmodifiableMap(TemplateUpdater::family, Function.identity()));
    this.layout = new StoreLayout(config.storeDir());
    this.published = new Publications(layout);
    this.generations = new GenerationWriter(layout, published, config.aptSources());
    this.folder = new GenerationFolder(layout);
    this.writer = new StoreWriter(layout, published, config.aptSources());
  }

  private DefinitionCatalog catalog() {
    return DefinitionCatalog.read(
        List.of(config.shippedDefinitions(), config.operatorDefinitions()));
  }

  @Override
  public List<TemplateDefinition> definitions() {
    return List.copyOf(catalog().definitions().values());
  }

  @Override
  public List<DefinitionProblem> problems() {
    List<DefinitionProblem> out = new ArrayList<>(catalog().problems().values());
    out.addAll(published.problems());
    out.sort(Comparator.comparing(DefinitionProblem::name));
    return out;
  }

  @Override
  public TemplateDefinition definition(String name) {
    DefinitionCatalog catalog = catalog();
    @Nullable TemplateDefinition found = catalog.definitions().get(name);
    if (found != null) {
      return found;
    }
    @Nullable DefinitionProblem problem = catalog.problems().get(name);
    if (problem != null) {
      throw new LaminaException(
          ExitCode.TEMPLATE_NOT_FOUND,
          "the definition of template " + problem.name() + " cannot be used: " + problem.reason(),
          "Correct or remove that file.");
    }
    throw new LaminaException(
        ExitCode.TEMPLATE_NOT_FOUND,
        "there is no definition of a template " + Printable.shorten(name, 80),
        NearNames.hint(name, catalog.definitions().keySet()));
  }

  @Override
  public List<Generation> newest() {
    return published.newest();
  }

  @Override
  public Optional<Generation> newest(String template) {
    return published.newest(template);
  }

  @Override
  public Optional<Generation> generation(String template, int number) {
    return published.generation(template, number);
  }

  @Override
  public Generation create(String template, BuildOptions options, Progress progress) {
    TemplateDefinition definition = honoured(definition(template), options);
    @Nullable TemplateBuilder builder = builders.get(definition.family());
    if (builder == null) {
      throw new LaminaException(
          ExitCode.TEMPLATE_BUILD_FAILED,
          "cannot build template "
              + template
              + ": no builder for the family "
              + definition.family(),
          "Known families: " + String.join(", ", builders.keySet().stream().sorted().toList()));
    }
    writer.create(definition, builder, progress);
    return published
        .generation(template, 0)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_BUILD_FAILED,
                "template " + template + " was removed as soon as it was built"));
  }

  private static TemplateDefinition honoured(TemplateDefinition definition, BuildOptions options) {
    if (options.isEmpty()) {
      return definition;
    }
    @Nullable RpmArchive archive = definition.rpm();
    if (archive == null) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "template "
              + definition.name()
              + " takes no mirror and no key: the family "
              + definition.family()
              + " uses the host's own package sources",
          "Set the mirror in /etc/apt/sources.list or /etc/apt/sources.list.d.");
    }
    return definition.with(archive.with(options));
  }

  @Override
  public List<Generation> generations(String template) {
    return published.generations(template);
  }

  @Override
  public Optional<GenerationDetails> details(String template, int number) {
    return published.details(template, number);
  }

  @Override
  public UpdateResult update(String template, UpdateRequest request, Progress progress) {
    Optional<TemplateDefinition> current =
        Optional.ofNullable(catalog().definitions().get(template));
    return generations.update(template, current, this::updater, request, progress);
  }

  private TemplateUpdater updater(TemplateDefinition definition) {
    @Nullable TemplateUpdater updater = updaters.get(definition.family());
    if (updater == null) {
      throw new LaminaException(
          ExitCode.TEMPLATE_BUILD_FAILED,
          "cannot update template "
              + definition.name()
              + ": nothing can update the family "
              + definition.family(),
          "Known families: " + String.join(", ", updaters.keySet().stream().sorted().toList()));
    }
    return updater;
  }

  @Override
  public GenerationDiff diff(String template, int from, int to) {
    Generation base = needed(template, from);
    Generation next = needed(template, to);
    @Nullable TemplateUpdater updater = updaters.get(published.definition(next).family());
    return published.diff(base, next, updater != null && updater.checksTimes());
  }

  @Override
  public PackageFamily family(
      Generation from, Generation to, GenerationDiff diff, TemplateTree base, TemplateTree next)
      throws IOException {
    String family = published.definition(to).family();
    Between.@Nullable Knowledge known = KNOWLEDGE.get(family);
    if (known == null) {
      throw new LaminaException(
          ExitCode.SYSTEM,
          "cannot patch containers of template "
              + to.template()
              + ": nothing is known of the family "
              + family,
          "Known families: " + String.join(", ", KNOWLEDGE.keySet().stream().sorted().toList()));
    }
    return known.of(new Between(diff, base, next, from.layers(), to.layers(), layout.scratch()));
  }

  private Generation needed(String template, int number) {
    return published
        .generation(template, number)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "there is no generation "
                    + number
                    + " of template "
                    + Printable.shorten(template, 80)));
  }

  @Override
  public void removeGeneration(String template, int number) {
    needed(template, number);
    generations.removeGeneration(template, number);
  }

  @Override
  public void fold(String template, int number) {
    folder.fold(template, number);
  }

  @Override
  public List<Integer> folding(String template) {
    return folder.folding(template);
  }

  @Override
  public List<Integer> reap(String template, Instant oldestUser) {
    return folder.reap(template, oldestUser);
  }

  @Override
  public void remove(String template) {
    writer.remove(template);
  }

  @Override
  public void sweep() {
    writer.sweep();
  }
}
