package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.build.TemplateUpdater;

/** Adds and removes later generations, crash-proof as {@link StoreWriter} is. Thread safe. */
public final class GenerationWriter {
  private final StoreLayout layout;
  private final Publications published;
  private final Path aptSources;
  private final StagedWork work;

  public GenerationWriter(StoreLayout layout, Publications published, Path aptSources) {
    this.layout = layout;
    this.published = published;
    this.aptSources = aptSources;
    this.work = new StagedWork(layout);
  }

  /**
   * Builds a generation on the newest one and publishes it, unless nothing would differ or only the
   * plan is asked for. An interrupt ends it as it ends {@link StoreWriter#create}.
   *
   * @param current the definition as it is now, if there is one; only its archive counts
   * @param updaters gives the updater of a definition
   * @throws LaminaException TEMPLATE_NOT_FOUND, LOCKED, BAD_PARAMETER, TEMPLATE_BUILD_FAILED or
   *     DISK_FULL
   */
  public UpdateResult update(
      String name,
      Optional<TemplateDefinition> current,
      Function<TemplateDefinition, TemplateUpdater> updaters,
      UpdateRequest request,
      Progress progress) {
    if (!published.exists(name)) {
      throw StagedWork.missing(name);
    }
    UpdateResult result =
        work.run(
            name, "update", staged -> update(name, current, updaters, request, staged, progress));
    progress.report(
        100,
        switch (result.outcome()) {
          case PUBLISHED -> "published";
          case NOTHING_TO_DO -> "nothing to do";
          case DRY_RUN -> "nothing was changed";
        });
    return result;
  }

  private UpdateResult update(
      String name,
      Optional<TemplateDefinition> current,
      Function<TemplateDefinition, TemplateUpdater> updaters,
      UpdateRequest request,
      Path staged,
      Progress progress)
      throws IOException, InterruptedException {
    Generation base = published.newest(name).orElseThrow(() -> StagedWork.missing(name));
    TemplateDefinition was = published.definition(base);
    TemplateDefinition definition =
        current
            .filter(d -> d.family().equals(was.family()) && d.release().equals(was.release()))
            .map(was::withArchiveOf)
            .orElse(was);
    int number = layout.next(name);
    NextGeneration.Made made =
        NextGeneration.build(
            base,
            number,
            definition,
            updaters.apply(definition),
            request,
            staged,
            aptSources,
            progress);
    if (made.ready().isPresent()) {
      Staging.move(made.ready().get(), layout.generation(name, number));
    }
    boolean something = !made.outcome().changes().isEmpty() || made.bytes() > 0;
    return new UpdateResult(
        made.ready().isPresent()
            ? UpdateResult.Outcome.PUBLISHED
            : something && request.dryRun()
                ? UpdateResult.Outcome.DRY_RUN
                : UpdateResult.Outcome.NOTHING_TO_DO,
        base.number(),
        made.ready().isPresent() ? published.generation(name, number) : Optional.empty(),
        made.outcome().changes(),
        made.outcome().held(),
        made.outcome().downloadBytes(),
        made.bytes());
  }

  /**
   * @throws LaminaException TEMPLATE_NOT_FOUND if it is not published, TEMPLATE_IN_USE if another
   *     generation lies on it or it is the only one, LOCKED, SYSTEM
   */
  public void removeGeneration(String name, int number) {
    try {
      layout.prepare();
      try (TemplateLock _ = TemplateLock.acquire(layout.locks(), name, "being removed")) {
        Generation gone =
            published.generation(name, number).orElseThrow(() -> StagedWork.missing(name));
        List<Generation> all = published.generations(name);
        refuseNeeded(gone, all);
        if (gone.equals(all.getLast())) {
          Staging.write(layout.highest(name), Integer.toString(layout.next(name) - 1));
        }
        Path staged = Staging.create(layout, name);
        Staging.move(gone.directory(), staged.resolve("removed"));
        Staging.discard(staged);
      }
    } catch (IOException e) {
      throw StagedWork.failed(
          "cannot remove generation " + number + " of template " + name, ExitCode.SYSTEM, e);
    }
  }

  private static void refuseNeeded(Generation gone, List<Generation> all) {
    String what = "cannot remove generation " + gone.number() + " of template " + gone.template();
    if (all.size() == 1) {
      throw new LaminaException(
          ExitCode.TEMPLATE_IN_USE,
          what + ": it is the only one",
          "To remove the template: vzpkg remove cache " + gone.template());
    }
    for (Generation other : all) {
      if (other.number() != gone.number() && other.layers().containsAll(gone.layers())) {
        throw new LaminaException(
            ExitCode.TEMPLATE_IN_USE,
            what + ": generation " + other.number() + " lies on it",
            "It takes no space that the later generation does not need.");
      }
    }
  }
}
