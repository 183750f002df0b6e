package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.TemplateBuilder;
import org.lamina.templates.tree.TreeRemover;

/**
 * Changes the store: every change is prepared or undone in a staging directory and takes effect by
 * one rename, so that a crash at any point leaves either the old or the new state and something to
 * sweep. Thread safe.
 */
public final class StoreWriter {
  private final StoreLayout layout;
  private final Publications published;
  private final Path aptSources;
  private final StagedWork work;

  public StoreWriter(StoreLayout layout, Publications published, Path aptSources) {
    this.layout = layout;
    this.published = published;
    this.aptSources = aptSources;
    this.work = new StagedWork(layout);
  }

  /**
   * Builds and publishes generation 0. An interrupt of the thread ends the build; the interrupt
   * status is then set again.
   *
   * @throws LaminaException LOCKED, TEMPLATE_EXISTS, TEMPLATE_BUILD_FAILED or DISK_FULL
   */
  public void create(TemplateDefinition definition, TemplateBuilder builder, Progress progress) {
    String name = definition.name();
    work.run(
        name,
        "build",
        staged -> {
          refuseExisting(name);
          Path built = Assembly.build(definition, builder, staged, aptSources, progress);
          Staging.move(built, layout.template(name));
          return built;
        });
    progress.report(100, "published");
  }

  private void refuseExisting(String name) throws IOException {
    Path target = layout.template(name);
    if (!layout.generations(name).isEmpty()) {
      throw new LaminaException(
          ExitCode.TEMPLATE_EXISTS,
          "template " + name + " exists already",
          "Remove it first: vzpkg remove cache " + name);
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new LaminaException(
          ExitCode.TEMPLATE_EXISTS,
          target + " is in the way and is no template",
          "Move it away; the store does not remove what it did not make.");
    }
  }

  /**
   * @throws LaminaException TEMPLATE_NOT_FOUND if nothing is published under the name, LOCKED
   */
  public void remove(String name) {
    if (!published.exists(name)) {
      throw StagedWork.missing(name);
    }
    try {
      layout.prepare();
      try (TemplateLock _ = TemplateLock.acquire(layout.locks(), name, "being removed")) {
        Path staged = Staging.create(layout, name);
        Staging.move(layout.template(name), staged.resolve("removed"));
        Staging.discard(staged);
      }
    } catch (IOException e) {
      throw StagedWork.failed("cannot remove template " + name, ExitCode.SYSTEM, e);
    }
  }

  /** Removes staged work whose owner is dead. */
  public void sweep() {
    try {
      layout.prepare();
      TreeRemover.remove(layout.scratch());
      for (Path staged : layout.staged()) {
        Optional<String> name = Staging.templateOf(staged);
        if (name.isEmpty()) {
          continue;
        }
        Optional<TemplateLock> free =
            TemplateLock.tryAcquire(layout.locks(), name.get(), "being cleaned up");
        if (free.isPresent()) {
          try (TemplateLock _ = free.get()) {
            Staging.discard(staged);
          }
        }
      }
    } catch (IOException e) {
      throw StagedWork.failed(
          "cannot clean up the template store " + layout.root(), ExitCode.SYSTEM, e);
    }
  }
}
